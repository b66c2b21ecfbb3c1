using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Store;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Probes;
using Balsa.Replica.Hosting;

namespace Balsa.Server.Access;

/// <summary>
/// Refuses what would make the store larger than it may be, and raises the alarm by which all members then refuse alike. The
/// alarm stays until somebody ends it, as in etcd: who has to make room should notice.
/// </summary>
internal sealed class QuotaKeeper(Quota quota, Func<StoreSizes> sizes, ReplicaPump<NoProbe> pump, MemberId self)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly int[] _isRaising = new int[(int)AlarmType.Corrupt + 1];

    /// <param name="entry">A command with its envelope.</param>
    internal bool Allows(CommandKind kind, ReadOnlySpan<byte> entry)
    {
        if (quota.Allows(sizes().Used, kind, entry[EntryEnvelope.Bytes..])) return true;
        Raise(AlarmType.NoSpace);
        return false;
    }

    /// <summary>Members differ about the state, and nobody can say who is right: all stop serving what may be wrong.</summary>
    internal void RaiseCorrupt() => Raise(AlarmType.Corrupt);

    private void Raise(AlarmType type)
    {
        if (Interlocked.Exchange(ref _isRaising[(int)type], 1) == 0) _ = RaiseAsync(type);
    }

    private async Task RaiseAsync(AlarmType type)
    {
        try
        {
            // Should it not get through, the next write that is too much tries again.
            await pump.ProposeAsync(
                new CommandCodec().Alarm(new AlarmCommand(AlarmAction.Activate, type, self.Value)), Patience);
        }
        finally
        {
            Volatile.Write(ref _isRaising[(int)type], 0);
        }
    }
}
