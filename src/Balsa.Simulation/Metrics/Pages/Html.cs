using System.Text;

namespace Balsa.Simulation.Metrics.Pages;

/// <summary>A page in one file that needs nothing else, and no script.</summary>
internal sealed class Html
{
    private readonly StringBuilder _body = new();
    private readonly string _title;

    internal Html(string title) => _title = title;

    internal void Raw(string html) => _body.Append(html).Append('\n');

    /// <summary>A plot, or whatever else, under its name, and how it is read.</summary>
    internal void Section(string name, string how, string content)
    {
        Raw($"<section><h2>{Svg.Escaped(name)}</h2><p class=\"how\">{Svg.Escaped(how)}</p>");
        Raw(content);
        Raw("</section>");
    }

    internal static string Table(IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new StringBuilder("<table>");
        if (head.Count > 0)
        {
            table.Append("<tr>");
            foreach (var name in head) table.Append("<th>").Append(Svg.Escaped(name)).Append("</th>");
            table.Append("</tr>\n");
        }

        foreach (var row in rows)
        {
            table.Append("<tr>");
            foreach (var cell in row) table.Append("<td>").Append(Svg.Escaped(cell)).Append("</td>");
            table.Append("</tr>\n");
        }

        return table.Append("</table>").ToString();
    }

    public override string ToString() =>
        $"""
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
        <title>{Svg.Escaped(_title)}</title><style>{PageStyle.Css}</style></head><body>
        {_body}</body></html>

        """.ReplaceLineEndings("\n");
}
