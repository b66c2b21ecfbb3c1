using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Leases;
using Balsa.KeyValue.Probes;

namespace Balsa.KeyValue.Tests.Leases;

/// <summary>
/// Leases, keep-alives, checkpoints and changes of the leader in any order: no lease ends before the time that somebody was
/// promised, and each that nobody renews ends soon after it.
/// </summary>
public sealed class LeaseDeadlinesRandomTests
{
    private const long Second = TimeSpan.TicksPerSecond, Grace = Second;

    private readonly Random _random = new(11);
    private readonly LeaseTable _table = new();
    private readonly LeaseDeadlines<NoStoreProbe> _deadlines =
        new(new LeaseOptions { CheckpointTicks = 5 * Second, RetryTicks = Second, InFlightMax = 4, ScanMax = 7 });

    /// <summary>Until when each lease is promised.</summary>
    private readonly Dictionary<long, long> _promised = [];
    private readonly List<LeaseRest> _noted = [];
    private readonly HashSet<long> _inFlight = [];
    private long _now = 1000 * Second;
    private ulong _term = 1;
    private int _ended, _takenBack, _repeated;

    [Fact]
    public void A_lease_lives_at_least_as_long_as_promised_and_not_much_longer()
    {
        _deadlines.BeginReign(_term, _now, Grace, _table);
        var reign = _now;
        for (var step = 0; step < 60_000; step++)
        {
            _now += _random.Next((int)Second / 10);
            var id = _random.NextInt64(1, 40);
            switch (_random.Next(12))
            {
                case 0: Grant(id); break;
                case 1 when _random.Next(10) == 0: Remove(id); break;
                case < 6: Renew(id); break;
                case < 10: End(); break;
                case 10: Note(); break;
                default: _deadlines.WorkReign(_random.Next(5)); break;
            }

            if (_random.Next(400) == 0)
            {
                reign = NewReign();
                _inFlight.Clear();
            }

            if (step % 20 == 0) Look(reign);
        }

        Assert.True(_ended > 300 && _takenBack > 100 && _repeated > 50, $"{_ended} ended, {_takenBack} taken back, {_repeated} repeated");
    }

    private void Grant(long id)
    {
        var seconds = _random.Next(1, 30);
        if (_table.Grant(id, seconds) != Answers.StoreError.None) return;
        _deadlines.OnGranted(id, seconds, _now);
        _promised[id] = _now + seconds * Second;
    }

    private void Remove(long id)
    {
        _table.Remove(id);
        _deadlines.OnRemoved(id);
        _promised.Remove(id);
        _inFlight.Remove(id);
    }

    private void Renew(long id)
    {
        var renewed = _deadlines.TryRenew(id, _now, out var renewal);
        Assert.Equal(_table.Contains(id), renewed || renewal.IsEnding);
        if (!renewed)
        {
            Assert.True(!_promised.TryGetValue(id, out var until) || until <= _now);
            return;
        }

        // A keep-alive whose note could not be taken back is not answered, and has promised nothing.
        if (renewal.TakeBack != 0 && _random.Next(3) == 0) return;
        if (renewal.TakeBack != 0)
        {
            ApplyNotes();
            _table.Checkpoint(id, 0);
            _deadlines.OnTakenBack(id, renewal.TakeBack);
            _takenBack++;
        }

        _promised[id] = _now + renewal.Seconds * Second;
    }

    private void End()
    {
        var due = new LeaseExpireCommand[_random.Next(1, 6)];
        foreach (var command in due[.._deadlines.AdvanceTo(_now, due)])
        {
            Assert.Equal(_term, command.Term);
            Assert.True(_promised[command.Lease] <= _now, $"lease {command.Lease} ends too early");
            if (!_inFlight.Add(command.Lease)) _repeated++;
        }

        Assert.True(_inFlight.Count <= 4);
        foreach (var id in _inFlight.Where(_ => _random.Next(8) == 0).ToList())
        {
            Remove(id);
            _ended++;
        }
    }

    private void Note()
    {
        var rests = new LeaseRest[3];
        _noted.AddRange(rests[.._deadlines.TakeCheckpoints(_now, rests)]);
        if (_random.Next(2) == 0) ApplyNotes();
    }

    private void ApplyNotes()
    {
        foreach (var rest in _noted) _table.Checkpoint(rest.Lease, rest.RestMs);
        _noted.Clear();
    }

    /// <summary>What was proposed and not applied is applied or lost before the reign begins.</summary>
    private long NewReign()
    {
        if (_random.Next(2) == 0) ApplyNotes();
        _noted.Clear();
        _deadlines.EndReign();
        _now += _random.Next(3 * (int)Second);
        _deadlines.BeginReign(++_term, _now, Grace, _table);
        return _now;
    }

    private void Look(long reign)
    {
        foreach (var (id, until) in _promised)
        {
            Assert.True(_deadlines.TryTimeToLive(id, _now, out var seconds));
            Assert.True(seconds >= (until - _now) / Second, $"lease {id} has {seconds} s");
            _table.TryGet(id, out var lease);
            var longest = Math.Max(Math.Max(until, _now), reign + Grace) + lease.Seconds * Second;
            Assert.True(seconds <= (longest - _now) / Second);
        }
    }
}
