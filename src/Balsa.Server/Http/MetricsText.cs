using System.Globalization;
using System.Text;

namespace Balsa.Server.Http;

/// <summary>Writes figures in the text format of Prometheus: one family after the other, each with its kind and its values.</summary>
internal sealed class MetricsText
{
    internal const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly StringBuilder _text = new();

    /// <summary>A value that goes up and down.</summary>
    internal MetricsText Gauge(string name, string help, double value) => Family(name, help, "gauge").Value(name, "", value);

    /// <summary>A value that only grows while the process lives.</summary>
    internal MetricsText Counter(string name, string help, double value) => Family(name, help, "counter").Value(name, "", value);

    internal MetricsText Gauge(string name, string help) => Family(name, help, "gauge");

    internal MetricsText Counter(string name, string help) => Family(name, help, "counter");

    /// <param name="labels">As they stand between the braces; values of ours need no escapes.</param>
    internal MetricsText Value(string name, string labels, double value)
    {
        _text.Append(name);
        if (labels.Length > 0) _text.Append('{').Append(labels).Append('}');
        // Whole numbers without a fraction: some readers compare text.
        _text.Append(' ').Append(value.ToString("0.################", CultureInfo.InvariantCulture)).Append('\n');
        return this;
    }

    public override string ToString() => _text.ToString();

    private MetricsText Family(string name, string help, string kind)
    {
        _text.Append("# HELP ").Append(name).Append(' ').Append(help).Append('\n');
        _text.Append("# TYPE ").Append(name).Append(' ').Append(kind).Append('\n');
        return this;
    }
}
