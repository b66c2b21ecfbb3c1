using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Slots;

namespace Balsa.KeyValue.Leases;

/// <summary>
/// When leases are over. Only a leader knows, and only for its reign: a new one gives every lease its full time again, so a
/// lease may live longer than granted, never shorter. It decides and proposes; ending a lease is a command like any other.
/// </summary>
/// <remarks>
/// Driven by its host on the thread that applies. Times are in ticks of 100 ns of the host's monotonic clock. The reign
/// begins when the first entry of its own term is applied: before, the replicated leases may be older than what a former
/// leader has promised. Without a reign everything refuses or does nothing.
/// </remarks>
public sealed class LeaseDeadlines<TProbe>(LeaseOptions options, TProbe probe = default)
    where TProbe : struct, IStoreProbe
{
    private const int WalkMax = 64;
    private const int WalkEnded = -1;

    private readonly TProbe _probe = probe;
    private readonly ExpiriesInFlight _inFlight = new(options.InFlightMax);
    private readonly LeaseState[] _walked = new LeaseState[WalkMax];

    /// <summary>Null without a reign.</summary>
    private ILeaseSource? _source;
    private HeldLeases _held = new();
    private DeadlineHeap _heap = new();
    private DeadlineSpread? _spread;
    private ulong _term;
    private long _firstFullTime;
    private int _position;
    private long _notes, _nextCheckpoint;
    private int _checked;

    /// <summary>When there is something to do; beyond all time when nothing is.</summary>
    public long NextDeadline
    {
        get
        {
            if (_source is null) return long.MaxValue;
            var expiry = _inFlight.IsFull ? _inFlight.FirstRetry : Math.Min(_heap.FirstAt, _inFlight.FirstRetry);
            return Math.Min(expiry, _nextCheckpoint);
        }
    }

    /// <summary>
    /// Begins to lead. <paramref name="graceTicks"/>, the election timeout, is added to the time of every lease: so long
    /// nobody could renew them. <see cref="WorkReign"/> does the work.
    /// </summary>
    public void BeginReign(ulong term, long now, long graceTicks, ILeaseSource leases)
    {
        EndReign();
        _source = leases;
        _term = term;
        _firstFullTime = now + graceTicks;
        _spread = leases.Count >= options.SpreadFrom ? new DeadlineSpread(options.EndsASecond) : null;
        _position = 0;
        _notes = 1;
        _checked = 0;
        _nextCheckpoint = options.CheckpointTicks > 0 ? now + options.CheckpointTicks : long.MaxValue;
    }

    public void EndReign()
    {
        _source = null;
        _spread = null;
        _held = new HeldLeases();
        _heap = new DeadlineHeap();
        _inFlight.Clear();
    }

    /// <summary>
    /// Gives the next leases their time, looking at no more than <paramref name="steps"/> places; true while there are more.
    /// A lease that was not looked at yet is not over.
    /// </summary>
    public bool WorkReign(int steps)
    {
        while (steps > 0 && _source is not null && _position != WalkEnded)
        {
            var count = _source.Copy(ref _position, _walked.AsSpan(0, Math.Min(steps, WalkMax)));
            foreach (var lease in _walked.AsSpan(0, count))
            {
                if (!_held.Contains(lease.Id)) HoldOld(lease);
            }

            steps -= WalkMax;
        }

        return _source is not null && _position != WalkEnded;
    }

    public void OnGranted(long id, long seconds, long now)
    {
        if (_source is null) return;
        // The walk may have met it already, and thinks that it is as old as the reign.
        if (_held.Contains(id)) TryRenew(id, now, out _);
        else Hold(new HeldLease { Id = id, Seconds = seconds, At = now + seconds * TimeSpan.TicksPerSecond });
    }

    public void OnRemoved(long id)
    {
        if (!_held.TryFind(id, out var slot)) return;
        if (_held[slot].IsEnding) _inFlight.Remove(slot);
        else _heap.Remove(slot);
        _held.Remove(slot);
    }

    /// <summary>
    /// A sign of life of the lease's owner. False when there is no such lease, or when it is over: then its end is coming,
    /// and nothing may promise it any more time.
    /// </summary>
    public bool TryRenew(long id, long now, out LeaseRenewal renewal)
    {
        renewal = default;
        if (!TryFind(id, out var slot)) return false;
        ref var lease = ref _held[slot];
        if (lease.IsEnding || lease.At <= now)
        {
            renewal = new LeaseRenewal(0, 0, IsEnding: true);
            return false;
        }

        renewal = new LeaseRenewal(lease.Seconds, lease.Note, IsEnding: false);
        if (_probe.Plants(StoreMutant.LeaseShortened)) return true;
        lease.At = now + lease.FullTicks;
        _heap.Move(slot, lease.At);
        return true;
    }

    /// <summary>The command that took a note back is applied: see <see cref="LeaseRenewal.TakeBack"/>.</summary>
    public void OnTakenBack(long id, long takeBack)
    {
        // A later note, proposed in the meantime, stays.
        if (_held.TryFind(id, out var slot) && _held[slot].Note == takeBack) _held[slot].Note = 0;
    }

    /// <summary>The whole seconds that a lease still has; 0 when its end is on the way. False when there is no such lease.</summary>
    public bool TryTimeToLive(long id, long now, out long seconds)
    {
        seconds = 0;
        if (!TryFind(id, out var slot)) return false;
        if (!_held[slot].IsEnding) seconds = Math.Max(0, (_held[slot].At - now) / TimeSpan.TicksPerSecond);
        return true;
    }

    /// <summary>
    /// The leases that are over, to be proposed in this term and no other. What was proposed too long ago without an effect
    /// comes again. The result is their number; at the next call there may be more.
    /// </summary>
    public int AdvanceTo(long now, Span<LeaseExpireCommand> due)
    {
        if (_source is null) return 0;
        var count = 0;
        var max = Math.Min(due.Length, options.ScanMax);
        while (count < max && _inFlight.TryRetry(now, now + options.RetryTicks, out var late)) due[count++] = Expire(late);
        while (count < max && !_inFlight.IsFull && _heap.FirstAt <= now)
        {
            var slot = _heap.FirstSlot;
            _heap.Remove(slot);
            _held[slot].IsEnding = true;
            _inFlight.Add(slot, now + options.RetryTicks);
            due[count++] = Expire(slot);
        }

        return count;
    }

    /// <summary>
    /// What long leases still have, to be proposed as a checkpoint, so that a later leader need not give them their full time
    /// again. The result is their number; while <see cref="NextDeadline"/> has passed there are more to look at.
    /// </summary>
    public int TakeCheckpoints(long now, Span<LeaseRest> rests)
    {
        if (_source is null || now < _nextCheckpoint) return 0;
        var count = 0;
        _notes++;
        for (var looked = 0; looked < options.ScanMax && count < rests.Length && _checked < _held.Slots; looked++)
        {
            ref var lease = ref _held[_checked++];
            if (!IsWorthANote(lease, now)) continue;
            lease.Note = _notes;
            rests[count++] = new LeaseRest(lease.Id, RestMs(lease.At - now));
        }

        if (_checked < _held.Slots) return count;
        _checked = 0;
        _nextCheckpoint = now + options.CheckpointTicks;
        return count;
    }

    /// <summary>A lease that was renewed lately has all its time anyway, and one that is soon over needs no note.</summary>
    private bool IsWorthANote(in HeldLease lease, long now) =>
        lease.Id != 0 && !lease.IsEnding && lease.At - now > options.CheckpointTicks
        && lease.At - lease.FullTicks + options.CheckpointTicks <= now;

    /// <summary>Rounded up: a note must not shorten a lease by the rest of a millisecond.</summary>
    private static long RestMs(long ticks) => (ticks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond;

    private LeaseExpireCommand Expire(int slot) => new(_term, _held[slot].Id);

    /// <summary>A lease that the walk has not reached gets its time here.</summary>
    private bool TryFind(long id, out int slot)
    {
        if (_held.TryFind(id, out slot)) return true;
        if (_source is null || !_source.TryGet(id, out var lease)) return false;
        slot = HoldOld(lease);
        return true;
    }

    /// <summary>A lease of earlier reigns has its full time, or what was noted of it, from the beginning of this one.</summary>
    private int HoldOld(LeaseState lease)
    {
        var time = lease.RestMs > 0 ? lease.RestMs * TimeSpan.TicksPerMillisecond : lease.Seconds * TimeSpan.TicksPerSecond;
        var at = _firstFullTime + time;
        return Hold(new HeldLease
        {
            Id = lease.Id,
            Seconds = lease.Seconds,
            At = _spread is null ? at : _spread.Place(at),
            Note = lease.RestMs > 0 ? 1 : 0,
        });
    }

    private int Hold(HeldLease lease)
    {
        var slot = _held.Add(lease);
        _heap.Add(slot, lease.At, lease.Id);
        return slot;
    }
}
