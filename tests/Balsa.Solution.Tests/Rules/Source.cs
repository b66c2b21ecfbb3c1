using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Balsa.Solution.Tests.Rules;

internal static class Source
{
    private static readonly CSharpParseOptions Newest = new(LanguageVersion.Preview);

    public static SyntaxNode Parse(string text) => CSharpSyntaxTree.ParseText(text, Newest).GetRoot();
}
