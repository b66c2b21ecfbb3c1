using System.Text;
using Balsa.Cli.CommandLine;

namespace Balsa.Cli.Errors;

/// <summary>The page docs/errors.md, made of the tables that the program itself uses.</summary>
internal static class ErrorsPage
{
    private const int WidthMax = 120;

    public static string Markdown()
    {
        var page = new StringBuilder();
        page.Append("# Errors and exit codes\n\n");
        Wrap(page, "Every error says what happened, why, and what to type next. Where it has a code, `balsa explain CODE` prints the text "
            + "below. A write ends in one of three ways: done, not done, or unknown, and never as less. This page is written by "
            + "`BALSA_REWRITE=1 ./test cli`.");
        page.Append("\n## Exit codes\n\n| Code | Meaning |\n| --- | --- |\n");
        foreach (var (code, meaning) in ExitCode.Meanings) page.Append($"| {code} | {meaning} |\n");
        page.Append('\n');
        Wrap(page, "Reports (`sim`, `chaos`, `check`, `bench`, `./test`) use 0, 1, 2 and 10; commands that ask a cluster use the "
            + "others too.");
        foreach (var entry in ErrorBook.All)
        {
            page.Append($"\n## {entry.Code}: {entry.Title}\n\n");
            Wrap(page, entry.Text);
            page.Append($"\nExit code {entry.ExitCode}. Next: {string.Join(", ", entry.Next.Select(next => $"`{next}`"))}.\n");
        }

        return page.ToString();
    }

    private static void Wrap(StringBuilder page, string text)
    {
        var width = 0;
        foreach (var word in text.Split(' '))
        {
            if (width > 0 && width + 1 + word.Length > WidthMax)
            {
                page.Append('\n');
                width = 0;
            }

            page.Append(width > 0 ? " " : "").Append(word);
            width += word.Length + (width > 0 ? 1 : 0);
        }

        page.Append('\n');
    }
}
