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
    private int _isRaising;

    /// <param name="entry">A command with its envelope.</param>
    internal bool Allows(CommandKind kind, ReadOnlySpan<byte> entry)
    {
        if (quota.Allows(sizes().Used, kind, entry[EntryEnvelope.Bytes..])) return true;
        if (Interlocked.Exchange(ref _isRaising, 1) == 0) _ = RaiseAsync();
        return false;
    }

    private async Task RaiseAsync()
    {
        try
        {
            // Should it not get through, the next write that is too much tries again.
            await pump.ProposeAsync(
                new CommandCodec().Alarm(new AlarmCommand(AlarmAction.Activate, AlarmType.NoSpace, self.Value)), Patience);
        }
        finally
        {
            Volatile.Write(ref _isRaising, 0);
        }
    }
}
