using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Balsa.Raft;

/// <summary>A rule that must hold whatever the input. Checked in production too: a broken one stops the node.</summary>
public static class Invariant
{
    public static void Check(
        [DoesNotReturnIf(false)] bool condition,
        [CallerArgumentExpression(nameof(condition))] string rule = "")
    {
        if (!condition) Broken(rule);
    }

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    public static void Broken(string rule) => throw new InvariantBrokenException(rule);
}

/// <summary>The core found itself in a state that cannot be. Nothing it did in this step may reach disk or network.</summary>
public sealed class InvariantBrokenException(string rule)
    : Exception($"A rule that always holds was broken: {rule}. The node must stop; its log on disk is still the truth.")
{
    public string Rule { get; } = rule;
}
