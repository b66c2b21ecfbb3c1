using System.Globalization;
using System.Net;
using System.Text;

namespace Balsa.Simulation.Metrics.Pages;

/// <summary>Puts a picture together. Numbers have two decimals at most, so that a report has the same bytes everywhere.</summary>
internal sealed class Svg(double width, double height, string title)
{
    private readonly StringBuilder _body = new();

    internal double Width { get; } = width;

    internal double Height { get; } = height;

    internal static string Number(double number) => Math.Round(number, 2).ToString("0.##", CultureInfo.InvariantCulture);

    internal static string Escaped(string text) => WebUtility.HtmlEncode(text);

    internal void Rect(double x, double y, double width, double height, string kind, string? hint = null)
    {
        Open("rect", ("x", x), ("y", y), ("width", Math.Max(0, width)), ("height", Math.Max(0, height)));
        Close("rect", kind, hint);
    }

    internal void Line(double x1, double y1, double x2, double y2, string kind)
    {
        Open("line", ("x1", x1), ("y1", y1), ("x2", x2), ("y2", y2));
        Close("line", kind, null);
    }

    internal void Circle(double x, double y, double radius, string kind, string? hint = null)
    {
        Open("circle", ("cx", x), ("cy", y), ("r", radius));
        Close("circle", kind, hint);
    }

    internal void Path(string path, string kind, string? hint = null)
    {
        _body.Append("<path d=\"").Append(path).Append('"');
        Close("path", kind, hint);
    }

    internal void Text(double x, double y, string text, string kind = "", string anchor = "start")
    {
        _body.Append("<text x=\"").Append(Number(x)).Append("\" y=\"").Append(Number(y)).Append('"');
        if (anchor != "start") _body.Append(" text-anchor=\"").Append(anchor).Append('"');
        if (kind.Length > 0) _body.Append(" class=\"").Append(kind).Append('"');
        _body.Append('>').Append(Escaped(text)).Append("</text>\n");
    }

    /// <summary>A line through points, from left to right.</summary>
    internal void Curve(IEnumerable<(double X, double Y)> points, string kind)
    {
        var path = new StringBuilder();
        foreach (var (x, y) in points) path.Append(path.Length == 0 ? 'M' : 'L').Append(Number(x)).Append(' ').Append(Number(y));
        if (path.Length > 0) Path(path.ToString(), kind);
    }

    public override string ToString() =>
        $"<svg viewBox=\"0 0 {Number(Width)} {Number(Height)}\" role=\"img\" aria-label=\"{Escaped(title)}\">\n{_body}</svg>\n";

    private void Open(string tag, params ReadOnlySpan<(string Name, double Value)> fields)
    {
        _body.Append('<').Append(tag);
        foreach (var (name, value) in fields) _body.Append(' ').Append(name).Append("=\"").Append(Number(value)).Append('"');
    }

    private void Close(string tag, string kind, string? hint)
    {
        _body.Append(" class=\"").Append(kind).Append('"');
        if (hint is null) _body.Append("/>\n");
        else _body.Append("><title>").Append(Escaped(hint)).Append("</title></").Append(tag).Append(">\n");
    }
}
