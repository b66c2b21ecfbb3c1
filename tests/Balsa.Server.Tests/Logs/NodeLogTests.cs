using System.Text.Json;
using Balsa.Server.Logs;

namespace Balsa.Server.Tests.Logs;

public sealed class NodeLogTests : IDisposable
{
    private readonly StringWriter _stdout = new(), _stderr = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("balsa-log-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_line_for_people_has_time_words_level_and_event()
    {
        using var log = Log(json: false, "stderr");
        log.Note("leads term 7");
        Assert.Equal("12:30:00.250 n1 leads term 7 [info role.leads]\n", _stderr.ToString());
        Assert.Empty(_stdout.ToString());
    }

    [Fact]
    public void An_object_has_the_fields_of_its_event()
    {
        using var log = Log(json: true, "stdout");
        log.Note("membership committed at 12: a \"quoted\" list");
        var line = JsonDocument.Parse(_stdout.ToString()).RootElement;
        Assert.Equal("info", line.GetProperty("level").GetString());
        Assert.Equal("2026-11-25T12:30:00.250000Z", line.GetProperty("ts").GetString());
        Assert.Equal("membership.changed", line.GetProperty("event").GetString());
        Assert.Equal("n1", line.GetProperty("node").GetString());
        Assert.Equal(12, line.GetProperty("index").GetInt64());
        Assert.Equal("a \"quoted\" list", line.GetProperty("members").GetString());
    }

    [Fact]
    public void What_is_below_the_level_is_left_out()
    {
        using var log = Log(json: false, LogLevel.Error, "stderr");
        log.Note("leads term 7");
        log.Note("error: members differ about the state at entry 3, and nobody can say who is right");
        Assert.Single(_stderr.ToString().Trim().Split('\n'));
    }

    [Fact]
    public void A_line_of_no_known_event_is_told_all_the_same()
    {
        using var log = Log(json: false, "stderr");
        log.Note("error: the moon is missing");
        Assert.EndsWith("n1 error: the moon is missing [error note]\n", _stderr.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Being_ready_stands_alone_on_standard_output_for_people_and_in_an_object_for_programs()
    {
        using (var log = Log(json: false, "stderr")) log.Ready("ready to serve client requests on 127.0.0.1:2379", _stdout);
        Assert.Equal("ready to serve client requests on 127.0.0.1:2379\n", _stdout.ToString());
        using (var log = Log(json: true, "stderr")) log.Ready("ready to serve client requests on 127.0.0.1:2379", _stdout);
        Assert.Contains("\"event\":\"server.ready\",\"msg\":\"ready to serve client requests", _stderr.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Files_are_appended_to()
    {
        var path = Path.Combine(_folder, "node.log");
        for (var i = 0; i < 2; i++)
        {
            using var log = Log(json: false, path, "stderr");
            log.Note($"leads term {i}");
        }

        Assert.Equal(2, File.ReadAllLines(path).Length);
        Assert.Equal(File.ReadAllText(path), _stderr.ToString());
        Assert.Throws<UnauthorizedAccessException>(() => Log(json: false, _folder));
    }

    private NodeLog Log(bool json, params string[] outputs) => Log(json, LogLevel.Info, outputs);

    private NodeLog Log(bool json, LogLevel least, params string[] outputs) =>
        new(new LogSettings("n1", least, json, outputs), _stdout, _stderr, new Noon());

    private sealed class Noon : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 11, 25, 12, 30, 0, 250, TimeSpan.Zero);
    }
}
