using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Leases;
using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Store;
using Balsa.Simulation.Stores.Drills;
using Balsa.Simulation.Stores.Model;
using Balsa.Simulation.Stores.Playing;

namespace Balsa.Simulation.Stores.Comparing;

/// <summary>A leader for the whole round, whose clock is log time: no lease ends before its time, and each that is over is told.</summary>
internal sealed class LeaseCheck<TProbe> : IStoreCheck<TProbe> where TProbe : struct, IStoreProbe
{
    private const ulong Term = 1;

    /// <summary>So many ends may be on their way at once; with fewer leases none has to wait.</summary>
    private const int InFlightMax = 64;

    private readonly NaiveStore _model;
    private readonly StoreSights _sights;
    private readonly LeaseDeadlines<TProbe> _deadlines = new(new LeaseOptions { InFlightMax = InFlightMax });
    private readonly SortedDictionary<long, Life> _lives = [];

    internal LeaseCheck(KeyValueStore<TProbe> store, NaiveStore model, StoreSights sights)
    {
        (_model, _sights) = (model, sights);
        _deadlines.BeginReign(Term, 0, 0, store.Leases);
        _deadlines.WorkReign(InFlightMax);
    }

    public ReaderFloor Floor => ReaderFloor.None;

    private long Now => _model.LogTime;

    public StoreDifference? After(StoreAction action, KeptView? newest) => action switch
    {
        ApplyEntry => Follow() ?? Advance(),
        RenewLease renew when _lives.Count > 0 => Renew(_lives.Keys.ElementAt(renew.Place % _lives.Count)),
        _ => null,
    };

    /// <summary>Tells the deadlines what the last entry granted and ended.</summary>
    private StoreDifference? Follow()
    {
        var leases = _model.Leases.All;
        foreach (var id in _lives.Keys.Where(id => !_model.Leases.Has(id)).ToList())
        {
            _deadlines.OnRemoved(id);
            _lives.Remove(id);
        }

        foreach (var lease in leases)
        {
            if (_lives.ContainsKey(lease.Id)) continue;
            _deadlines.OnGranted(lease.Id, lease.Seconds, Now);
            _lives.Add(lease.Id, new Life(lease.Seconds, Now));
        }

        foreach (var (id, life) in _lives)
        {
            var expected = Math.Max(0, (life.Deadline - Now) / TimeSpan.TicksPerSecond);
            if (!_deadlines.TryTimeToLive(id, Now, out var seconds) || seconds != expected)
                return Different($"lease {id} has {seconds} s instead of {expected} s");
        }

        return null;
    }

    private StoreDifference? Advance()
    {
        Span<LeaseExpireCommand> due = new LeaseExpireCommand[InFlightMax];
        foreach (var expire in due[.._deadlines.AdvanceTo(Now, due)])
        {
            if (!_lives.TryGetValue(expire.Lease, out var life)) return Different($"lease {expire.Lease} is gone and ends");
            if (life.Deadline > Now) return Different($"lease {expire.Lease} ends at {Now}, and it has time up to {life.Deadline}");
            if (expire.Term != Term) return Different($"lease {expire.Lease} ends in term {expire.Term}");
            life.IsTold = true;
            _sights.See(StoreSight.LeaseOver);
        }

        foreach (var (id, life) in _lives)
            if (!life.IsTold && life.Deadline <= Now) return Different($"lease {id} is over at {life.Deadline} and does not end at {Now}");
        return null;
    }

    private StoreDifference? Renew(long id)
    {
        var life = _lives[id];
        var isAlive = life.Deadline > Now;
        if (_deadlines.TryRenew(id, Now, out _) != isAlive) return Different($"lease {id} renewed at {Now}, deadline {life.Deadline}");
        if (isAlive) life.Begin(Now);
        _sights.See(StoreSight.LeaseRenewed);
        return null;
    }

    private static StoreDifference Different(string text) => new(StoreFinding.Lease, text);

    private sealed class Life(long seconds, long now)
    {
        internal long Deadline { get; private set; } = now + seconds * TimeSpan.TicksPerSecond;

        internal bool IsTold { get; set; }

        internal void Begin(long from) => Deadline = from + seconds * TimeSpan.TicksPerSecond;
    }
}
