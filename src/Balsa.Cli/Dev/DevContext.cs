using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Balsa.Cli.Dev;

/// <summary>One node of a dev cluster, for a second terminal.</summary>
internal sealed record DevNodeContext(string Name, ulong Id, string Peer, string Client, string? Controller = null);

/// <summary>
/// The running dev cluster of this user, in a file that only the user can read: so that a second terminal needs no flags.
/// </summary>
internal sealed record DevContext(
    int Pid, int ControlPort, string Token, string DataDirectory, bool IsTemporary, IReadOnlyList<DevNodeContext> Nodes)
{
    private const string FolderVariable = "BALSA_RUNTIME_DIR";

    public static string Folder
    {
        get
        {
            if (Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } chosen) return chosen;
            if (Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } runtime && Directory.Exists(runtime))
                return Path.Combine(runtime, "balsa");
            return Path.Combine(Path.GetTempPath(), $"balsa-{Environment.UserName}");
        }
    }

    private static string FilePath => Path.Combine(Folder, "dev.json");

    /// <summary>Null when there is none or it cannot be read; whether the cluster still runs is another question.</summary>
    public static DevContext? Read()
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(FilePath), DevJson.Default.DevContext);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>
    /// The same, unless the process that holds it is gone: its nodes end with it, and somebody else may have their ports by now.
    /// </summary>
    public static DevContext? ReadHeld() => Read() is { IsHeld: true } context ? context : null;

    [JsonIgnore]
    private bool IsHeld
    {
        get
        {
            try
            {
                using var holder = Process.GetProcessById(Pid);
                return !holder.HasExited;
            }
            catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
            {
                return false;
            }
        }
    }

    /// <summary>Whether these are addresses of the running dev cluster.</summary>
    public static bool IsOf(IEnumerable<System.Net.IPEndPoint> endpoints) =>
        Read() is { } context && endpoints.All(endpoint => context.Nodes.Any(node => node.Client == endpoint.ToString()));

    public void Write()
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(Folder);
        else
        {
            Directory.CreateDirectory(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        // Under another name first: a reader sees the whole file or none.
        var fresh = FilePath + ".new";
        File.Delete(fresh);
        using (var file = new FileStream(fresh, options)) JsonSerializer.Serialize(file, this, DevJson.Default.DevContext);
        File.Move(fresh, FilePath, overwrite: true);
    }

    /// <summary>Removes the file if it is still ours.</summary>
    public void Remove()
    {
        if (Read()?.Token == Token) File.Delete(FilePath);
    }
}

/// <summary>What `balsa dev` keeps beside the data, so that a later start with the same directory is the same cluster.</summary>
internal sealed record DevClusterFile(string Cluster, IReadOnlyList<DevMemberFile> Members);

internal sealed record DevMemberFile(string Name, ulong Id);

/// <summary>A request to the process that holds a dev cluster.</summary>
internal sealed record DevRequest(string Token, string Op, string Node = "");

/// <param name="Done">False when nothing was changed.</param>
/// <param name="Message">All of it in a sentence.</param>
/// <param name="GapMs">For how long writes stood still, if that was measured.</param>
/// <param name="Lost">Acknowledged writes that are gone; null when nobody looked.</param>
/// <param name="Checked">Acknowledged writes that were looked for.</param>
/// <param name="After">What came after the fault, where a line for the fault itself was printed already.</param>
internal sealed record DevResponse(
    bool Done, string Message, double GapMs = 0, long? Lost = null, long? Checked = null, string? After = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DevContext))]
[JsonSerializable(typeof(DevClusterFile))]
[JsonSerializable(typeof(DevRequest))]
[JsonSerializable(typeof(DevResponse))]
internal sealed partial class DevJson : JsonSerializerContext;
