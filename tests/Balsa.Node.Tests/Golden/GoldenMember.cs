using System.Net;
using Balsa.Node.Stores;
using Balsa.Raft;
using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Replica;
using Balsa.Storage;
using Balsa.Storage.Opening;
using Balsa.Storage.Wal;
using Balsa.Transport.Codec;
using Balsa.Transport.Tcp;

namespace Balsa.Node.Tests.Golden;

/// <summary>The only member of a cluster, on a real directory.</summary>
internal sealed class GoldenMember : IAsyncDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private readonly RunningMember _member;
    private readonly KeyValueMachine _machine;
    private readonly TaskCompletionSource<Exception> _died = new();

    internal GoldenMember(string path)
    {
        var directory = DataDirectory.Open(new OpeningOptions
        {
            Path = path, Owner = new DirectoryIdentity(0xba15a, new MemberId(1), new Incarnation(1)), Founding = Configuration.OfVoters(1),
            Wal = new WalOptions { SegmentBytes = 256 << 10 },
        });
        var raft = new RaftOptions
        {
            Self = new MemberId(1), Incarnation = new Incarnation(1), Boot = directory.Log.Boot, Seed = 1, EntryBytesMax = 32 << 10,
        };
        var options = new MemberOptions
        {
            Replica = new ReplicaOptions { Raft = raft },
            Network = new PeerNetworkOptions
            {
                Cluster = 0xba15a, Self = raft.Self, Group = raft.Group, Listen = new IPEndPoint(IPAddress.Loopback, 0),
                BodyBytesMax = MessageLayout.BodyBytesMax(raft),
            },
            AddressesOf = _ => [],
        };
        _machine = new KeyValueMachine(new ViewGate());
        _member = new RunningMember(options, directory, _machine, _ => { }, problem => _died.TrySetResult(problem));
        _member.Start();
    }

    /// <summary>What the state says when everything in the log has been applied. Nothing is applied any more then.</summary>
    internal string Describe() =>
        $"revision {_machine.Store.Revision} compacted {_machine.Store.Compacted} keys {_machine.Store.Keys} "
        + $"history {_machine.Store.HistoryHash:x16} content {_machine.Store.ContentHash:x16} log time {_machine.Store.LogTime}\n";

    internal async Task<byte[]> WriteAsync(byte[] entry)
    {
        var answer = await _member.Pump.ProposeAsync(entry, Longest).WaitAsync(Longest);
        Assert.Equal(Verdict.Done, answer.Outcome.Verdict);
        return (byte[])answer.Result!;
    }

    /// <summary>Returns when a snapshot of everything so far is on disk.</summary>
    internal async Task SnapshotAsync()
    {
        Assert.True(_member.Pump.Post(new Replica.Inputs.TakeSnapshot()));
        using var limit = new CancellationTokenSource(Longest);
        while ((await _member.Pump.StatusAsync())!.Snapshot.Index.Value == 0) await Task.Delay(5, limit.Token);
    }

    /// <summary>Returns when what was in the log at the start has been applied, and nothing else.</summary>
    internal async Task CatchUpAsync(LogIndex last)
    {
        using var limit = new CancellationTokenSource(Longest);
        while ((await _member.Pump.StatusAsync())!.Applied < last) await Task.Delay(5, limit.Token);
    }

    internal async Task<LogIndex> LastAsync() => (await _member.Pump.StatusAsync())!.Last.Index;

    public async ValueTask DisposeAsync()
    {
        await _member.DisposeAsync();
        Assert.False(_died.Task.IsCompleted, _died.Task.IsCompleted ? $"{_died.Task.Result}" : "");
    }
}
