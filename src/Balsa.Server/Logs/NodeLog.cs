using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Balsa.Server.Logs;

/// <summary>
/// What a node tells of itself, line by line: with time, level and the name of the event. Any thread writes; a line is whole.
/// </summary>
public sealed class NodeLog : IDisposable
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly Lock _writing = new();
    private readonly LogSettings _settings;
    private readonly List<TextWriter> _outputs = [], _files = [];
    private readonly ArrayBufferWriter<byte> _json = new();
    private readonly TimeProvider _clock;

    /// <exception cref="IOException">A file cannot be appended to.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public NodeLog(LogSettings settings, TextWriter stdout, TextWriter stderr, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        (_settings, _clock) = (settings, clock ?? TimeProvider.System);
        foreach (var output in settings.Outputs)
        {
            _outputs.Add(output switch
            {
                "stdout" => stdout,
                "stderr" => stderr,
                _ => OpenFile(output),
            });
        }
    }

    /// <summary>The line by which scripts see that the node serves: for people it stands alone on standard output.</summary>
    public void Ready(string line, TextWriter stdout)
    {
        ArgumentNullException.ThrowIfNull(stdout);
        if (_settings.AsJson)
        {
            Note(line);
            return;
        }

        lock (_writing)
        {
            stdout.WriteLine(line);
            stdout.Flush();
            foreach (var file in _files) file.WriteLine(Text(line, "server.ready", LogLevel.Info));
        }
    }

    public void Note(string line)
    {
        var (name, level, fields) = EventCatalog.Find(line);
        if (level < _settings.Least) return;
        lock (_writing)
        {
            var text = _settings.AsJson ? Json(line, name, level, fields) : Text(line, name, level);
            foreach (var output in _outputs)
            {
                output.WriteLine(text);
                output.Flush();
            }
        }
    }

    public void Dispose()
    {
        foreach (var file in _files) file.Dispose();
    }

    private StreamWriter OpenFile(string path)
    {
        var file = new StreamWriter(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite));
        _files.Add(file);
        return file;
    }

    private string Text(string line, string name, LogLevel level)
    {
        var time = _clock.GetUtcNow().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
        return $"{time} {_settings.Node} {line} [{NameOf(level)} {name}]";
    }

    private string Json(string line, string name, LogLevel level, IReadOnlyList<KeyValuePair<string, string>> fields)
    {
        _json.Clear();
        using var writer = new Utf8JsonWriter(_json, Plain);
        writer.WriteStartObject();
        writer.WriteString("level", NameOf(level));
        writer.WriteString("ts", _clock.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture));
        writer.WriteString("event", name);
        writer.WriteString("msg", line);
        writer.WriteString("node", _settings.Node);
        foreach (var (field, value) in fields)
        {
            if (long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && $"{number}" == value)
                writer.WriteNumber(field, number);
            else writer.WriteString(field, value);
        }

        writer.WriteEndObject();
        writer.Flush();
        return Encoding.UTF8.GetString(_json.WrittenSpan);
    }

    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Debug => "debug",
        LogLevel.Info => "info",
        LogLevel.Warn => "warn",
        _ => "error",
    };
}
