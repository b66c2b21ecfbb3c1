using System.Diagnostics;
using System.Text.Json;

namespace Balsa.Adapters.Raftkv.FrontEnds;

/// <summary>
/// The files that a front end writes for people and programs beside it. Nothing is ever decided by them, except for one: after a
/// crash the list of processes says which ones were ours.
/// </summary>
internal sealed class FleetFiles(string directory)
{
    private const string Processes = "processes.json";
    private static readonly TimeSpan SameStart = TimeSpan.FromSeconds(2);
    private readonly Lock _gate = new();

    internal void Write(IReadOnlyCollection<ServerChild> children, RaftkvPorts ports)
    {
        Put("servers.json", json =>
        {
            foreach (var child in children)
            {
                json.WriteStartObject(RaftkvPorts.NameOf(child.Number));
                json.WriteNumber("port", ports.AddressOf(child.Number).Port);
                json.WriteString("address", $"localhost:{ports.AddressOf(child.Number).Port}");
                json.WriteEndObject();
            }
        });
        Put("cluster_size.json", json => json.WriteNumber("size", children.Count));
        WriteLiving(children);
    }

    /// <summary>Who runs now.</summary>
    internal void WriteLiving(IReadOnlyCollection<ServerChild> children)
    {
        Put("cluster_members.json", json =>
        {
            json.WriteStartArray("members");
            foreach (var child in children)
                if (child.IsRunning) json.WriteStringValue(RaftkvPorts.NameOf(child.Number));
            json.WriteEndArray();
        });
        Put(Processes, json =>
        {
            json.WriteStartArray("processes");
            foreach (var child in children)
            {
                if (!child.IsRunning) continue;
                json.WriteStartObject();
                json.WriteNumber("pid", child.Pid);
                json.WriteString("started", child.StartTime);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    /// <summary>Ends what an earlier front end has left running here: only what has the same id and began at the same time.</summary>
    internal void EndLeftovers(Action<string> note)
    {
        var path = Path.Combine(directory, Processes);
        if (!File.Exists(path)) return;
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            foreach (var one in document.RootElement.GetProperty("processes").EnumerateArray())
                EndLeftover(one.GetProperty("pid").GetInt32(), one.GetProperty("started").GetDateTime(), note);
        }
        catch (Exception problem) when (problem is JsonException or KeyNotFoundException or FormatException or InvalidOperationException)
        {
            note($"{path} cannot be read, so nothing of an earlier front end is ended: {problem.Message}");
        }
    }

    private static void EndLeftover(int pid, DateTime started, Action<string> note)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            if ((process.StartTime.ToUniversalTime() - started.ToUniversalTime()).Duration() > SameStart) return;
            process.Kill();
            process.WaitForExit(SameStart);
            note($"ended process {pid}, which an earlier front end had left here");
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It has ended already.
        }
    }

    /// <summary>Renamed into its place, so nobody reads half of it.</summary>
    private void Put(string name, Action<Utf8JsonWriter> write)
    {
        lock (_gate)
        {
            var path = Path.Combine(directory, name);
            using (var file = File.Create(path + ".new"))
            using (var json = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true }))
            {
                json.WriteStartObject();
                write(json);
                json.WriteEndObject();
            }

            File.Move(path + ".new", path, overwrite: true);
        }
    }
}
