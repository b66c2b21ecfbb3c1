using Balsa.Node.Founding;
using Balsa.Raft.Identity;
using Balsa.Transport.Codec.Parcels.Founding;
using Balsa.Transport.Tcp;

namespace Balsa.Node.Tests.Founding;

/// <summary>Members that found without sockets: a round asks, decides, and keeps notes as a disk does.</summary>
internal sealed class FoundingWorld
{
    private readonly Dictionary<string, FoundingOptions> _options = [];
    private ulong _drawn;

    /// <summary>What lies on each member's disk.</summary>
    internal Dictionary<string, byte[]> Disks { get; } = [];

    internal Dictionary<string, FoundingMachine> Up { get; } = [];

    internal static FoundingPeers List(params IEnumerable<string> names) =>
        FoundingPeers.TryParse(string.Join(',', names.Select(name => $"{name}={UrlOf(name)}")), out _)!;

    internal static string UrlOf(string name) => $"http://{name}.example:2380";

    internal void Start(string name, FoundingPeers peers, string token = "t", bool mayFound = true, params string[] without)
    {
        _options[name] = new FoundingOptions
        {
            Name = name, PeerUrls = UrlOf(name), ClientUrls = $"http://{name}.example:2379", Peers = peers, Token = token,
            MayFound = mayFound, Without = without,
        };
        Restart(name);
    }

    /// <summary>After a crash, or the first time: only what is on the disk is remembered.</summary>
    internal void Restart(string name)
    {
        if (!Disks.ContainsKey(name)) Disks[name] = FoundingNote.Draft(new Incarnation(++_drawn)).ToBytes();
        Up[name] = new FoundingMachine(_options[name], FoundingNote.TryRead(Disks[name])!);
    }

    internal void Crash(string name) => Up.Remove(name);

    internal void Ask(string name)
    {
        var machine = Up[name];
        foreach (var peer in machine.Others)
        {
            machine.Hear(peer.Name, Up.TryGetValue(peer.Name, out var other)
                ? new FoundingReply(other.Answer(machine.Ask()), "") : new FoundingReply(null, "nobody answers there"));
        }
    }

    /// <summary>Asks and decides. A note is kept, and then adopted unless the member dies in between.</summary>
    internal FoundingDecision Round(string name, bool diesBeforeAdopting = false)
    {
        Ask(name);
        var decision = Up[name].Decide(++_drawn << 32);
        if (decision.Keep is not { } keep) return decision;
        Disks[name] = keep.ToBytes();
        if (diesBeforeAdopting) Crash(name);
        else Up[name].Adopt(keep);
        return decision;
    }

    internal FoundingRecord? RecordOf(string name) => FoundingNote.TryRead(Disks[name])!.Record;
}
