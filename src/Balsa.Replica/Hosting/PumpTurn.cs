using Balsa.Raft;
using Balsa.Raft.Effects;
using Balsa.Raft.Probes;

namespace Balsa.Replica.Hosting;

/// <summary>
/// The turns of a replica: in which order it hears of what happened, and when it must be looked after next. The pump gives
/// them with real time and a real inbox, the simulator with its own, so that what ships is what is simulated.
/// </summary>
internal sealed class PumpTurn<TProbe>(RaftReplica<TProbe> replica, RaftOptions options) where TProbe : struct, IProbe
{
    /// <summary>After a pause of ours the waiting messages get this long to come in before an election is thought of.</summary>
    private static readonly long GraceTicks = TimeSpan.FromMilliseconds(20).Ticks;

    private readonly long _pauseTicks = options.HeartbeatInterval.Ticks;
    private ulong _durable;
    private ulong _durableTold;
    private long _graceUntil;

    /// <summary>From any thread. Never lost: the number is kept beside the inbox.</summary>
    internal void OnDurable(IoSeq upTo) => Volatile.Write(ref _durable, upTo.Value);

    /// <summary>When the next turn is due although nothing comes in.</summary>
    /// <param name="limit">Whoever gives the turns has a deadline of his own.</param>
    internal long WakeAt(long limit = long.MaxValue) => Math.Max(Math.Min(replica.NextDeadline, limit), _graceUntil);

    /// <summary>One batch: the inputs that wait, the disk's news, then time, then everything that follows from it.</summary>
    internal void Take<TInbox>(TInbox inbox, long now) where TInbox : IInbox
    {
        replica.SetClock(now);
        for (var left = Math.Max(1, inbox.Count); left > 0 && inbox.TryTake(out var input); left--) replica.Handle(input);
        var durable = Volatile.Read(ref _durable);
        if (durable > _durableTold) replica.OnDurable(new IoSeq(_durableTold = durable));
        if (!IsGrace(now)) replica.AdvanceTo(now);
        replica.Flush();
    }

    /// <summary>
    /// A turn far too late means that this process was paused, and its leader's heartbeats may still lie in the sockets.
    /// They come first: a pause of ours is no reason for an election.
    /// </summary>
    private bool IsGrace(long now)
    {
        if (now < _graceUntil) return true;
        if (now - replica.NextDeadline < _pauseTicks || _graceUntil != 0)
        {
            _graceUntil = 0;
            return false;
        }

        _graceUntil = now + GraceTicks;
        return true;
    }
}
