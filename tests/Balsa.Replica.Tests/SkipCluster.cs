using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Probes;
using Balsa.Raft.Recovery;
using Balsa.Replica.Contracts;
using Balsa.Replica.Inputs;
using Balsa.Replica.Skipping;

namespace Balsa.Replica.Tests;

/// <summary>
/// Three members with disks that forget nothing and a network that loses and delays, in virtual time: one number decides all.
/// </summary>
internal sealed class SkipCluster(int seed)
{
    internal const int Members = 3;
    private static readonly long Step = TimeSpan.FromMilliseconds(5).Ticks;
    private readonly Random _random = new(seed);
    private readonly List<(int To, ReplicaInput Input)> _wire = [];
    private long _now;

    internal Place[] Places { get; } = [.. Enumerable.Range(0, Members).Select(_ => new Place())];

    /// <summary>Of a hundred messages so many are lost.</summary>
    internal int Loss { get; set; }

    /// <summary>The member that hears nobody and is heard by nobody; -1 for none.</summary>
    internal int CutOff { get; set; } = -1;

    internal IEnumerable<Place> Serving => Places.Where(place => place.Replica is { Aside: null });

    /// <summary>A place for a member: what its disk holds, and the member while it runs.</summary>
    internal sealed class Place
    {
        internal List<ReplicaEntry> Log { get; } = [];

        internal HardState HardState { get; set; }

        internal ulong Boot { get; set; }

        internal bool AppliesPoison { get; set; }

        internal List<SkippedEntry> Wishes { get; } = [];

        internal World World { get; set; } = new();

        internal RaftReplica<NoProbe>? Replica { get; set; }

        internal ReplicaEntry? Poison => Log.Where(entry => IsPoison(entry)).Cast<ReplicaEntry?>().FirstOrDefault();

        private static bool IsPoison(ReplicaEntry entry) => entry.Ref.Kind == EntryKind.Data
            && entry.Payload.Span[EntryEnvelope.Bytes..].SequenceEqual("poison"u8);
    }

    internal void Start(int member)
    {
        var place = Places[member];
        place.Boot++;
        place.World = new World { AppliesPoison = place.AppliesPoison };
        var raft = World.Options((ulong)member + 1) with { Boot = new Boot(place.Boot), Seed = (ulong)_random.NextInt64() };
        place.Replica = new RaftReplica<NoProbe>(
            new ReplicaOptions { Raft = raft, Skips = [.. place.Wishes] },
            new RecoveredState(EntryId.Start, Driver.VotersOf(Members)) { HardState = place.HardState },
            new ReplicaStart([.. place.Log]), place.World.Parts, default, _now);
    }

    internal void Kill(int member) => Places[member].Replica = null;

    internal void Propose(string command)
    {
        var leader = Array.Find(Places, place => place.Replica is { Leads: true });
        leader?.Replica!.Handle(new ProposeCommand(World.Entry(command), new TaskCompletionSource<ReplicaAnswer>()));
    }

    internal void Run(TimeSpan time)
    {
        for (var end = _now + time.Ticks; _now < end; _now += Step)
        {
            Deliver();
            for (var member = 0; member < Members; member++)
            {
                if (Places[member].Replica is not { } replica) continue;
                replica.AdvanceTo(_now);
                Settle(member, replica);
            }
        }
    }

    private void Deliver()
    {
        var sent = _wire.ToArray();
        _wire.Clear();
        _random.Shuffle(sent);
        foreach (var (to, input) in sent)
        {
            if (Places[to].Replica is not { } replica || _random.Next(100) < Loss) continue;
            replica.Handle(input);
            Settle(to, replica);
        }
    }

    /// <summary>Flushes until the disk has nothing more to do, and puts what was sent on the wire.</summary>
    private void Settle(int member, RaftReplica<NoProbe> replica)
    {
        var place = Places[member];
        do
        {
            replica.Flush();
            var last = default(IoSeq);
            foreach (var operation in place.World.Written)
            {
                Write(place, operation);
                if (operation.Io.Value > last.Value) last = operation.Io;
            }

            place.World.Written.Clear();
            if (last.Value > 0) replica.OnDurable(last);
            else if (!replica.HasWork) break;
        }
        while (true);
        Assert.False(replica.HasStopped);
        Post(member, place);
    }

    private static void Write(Place place, in LogOperation operation)
    {
        switch (operation.Kind)
        {
            case LogOperationKind.SaveHardState: place.HardState = operation.HardState; break;
            case LogOperationKind.Append: place.Log.AddRange(operation.Entries); break;
            case LogOperationKind.Truncate:
                place.Log.RemoveRange((int)operation.From.Value - 1, place.Log.Count - (int)operation.From.Value + 1);
                break;
        }
    }

    private void Post(int member, Place place)
    {
        var origin = new Origin(
            default, new MemberId((ulong)member + 1), new Incarnation((ulong)member + 1), new Boot(place.Boot), 1);
        foreach (var (message, entries) in place.World.Sent)
        {
            Put(member, (int)message.To.Value - 1, new PeerMessage(
                origin, message, [.. entries.Select(entry => entry.Ref)], [.. entries.Select(entry => entry.Payload)],
                [.. entries.Where(entry => entry.Ref.Kind == EntryKind.Configuration).Select(Decode)]));
        }

        foreach (var (leader, command) in place.World.Forwards)
            Put(member, (int)leader.Value - 1, new PeerForward(origin, command));
        place.World.Sent.Clear();
        place.World.Forwards.Clear();
    }

    private void Put(int from, int to, ReplicaInput input)
    {
        if (from != CutOff && to != CutOff) _wire.Add((to, input));
    }

    private static Configuration Decode(ReplicaEntry entry)
    {
        Assert.True(ConfigurationCodec.TryRead(entry.Payload.Span, out var configuration));
        return configuration;
    }
}
