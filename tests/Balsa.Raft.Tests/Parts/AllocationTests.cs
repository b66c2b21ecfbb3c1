using Balsa.Raft.Effects;
using Balsa.Raft.Election;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Messages;
using Balsa.Raft.Probes;
using Balsa.Raft.Recovery;

namespace Balsa.Raft.Tests.Parts;

/// <summary>Three cores in one thread: once warm, to propose, replicate, commit and apply allocates nothing.</summary>
public sealed class AllocationTests
{
    private const int EntriesMax = 1 << 16;
    private readonly RaftCore<NoProbe>[] _cores = new RaftCore<NoProbe>[3];
    private readonly EntryRef[][] _logs = new EntryRef[3][];
    private readonly (Message Message, int From, int First, int Count)[] _queue = new (Message, int, int, int)[1024];
    private int _head, _tail;
    private long _now;
    private ulong _answered;

    public AllocationTests()
    {
        var founding = Configuration.OfVoters(1, 2, 3);
        for (var i = 0; i < 3; i++)
        {
            var id = (ulong)i + 1;
            var options = new RaftOptions { Self = new(id), Incarnation = new(id), Boot = new(1), Seed = 1, RecentEntries = 1024 };
            _cores[i] = new RaftCore<NoProbe>(options, RecoveredState.Fresh(founding), default, 0);
            _logs[i] = new EntryRef[EntriesMax];
        }
        _now = TimeSpan.FromSeconds(1).Ticks;
        foreach (var core in _cores) core.SetClock(_now);
        _cores[0].Campaign(CampaignKind.Ordinary, Correlation.None);
        Settle();
    }

    private void Settle()
    {
        do
        {
            for (var i = 0; i < 3; i++) while (Work(i)) { }
            if (_head == _tail) return;
            var (message, from, first, count) = _queue[_head++ % _queue.Length];
            var origin = new Origin(default, new((ulong)from + 1), new((ulong)from + 1), new(1), 1);
            _cores[(int)message.To.Value - 1].Step(origin, message, _logs[from].AsSpan(first, count));
        }
        while (true);
    }

    private bool Work(int i)
    {
        var core = _cores[i];
        var effects = core.Drain();
        IoSeq io = default;
        var applied = LogIndex.Zero;
        foreach (ref readonly var effect in effects.Effects)
        {
            switch (effect.Kind)
            {
                case EffectKind.AppendEntries:
                    effects.EntriesOf(effect).CopyTo(_logs[i].AsSpan((int)effect.First.Value));
                    io = effect.Io;
                    break;
                case EffectKind.SaveHardState or EffectKind.TruncateSuffix or EffectKind.CompactPrefix: io = effect.Io; break;
                case EffectKind.Apply: applied = effect.Last; break;
                case EffectKind.Complete or EffectKind.CompleteRead: _answered++; break;
                case EffectKind.Send:
                    var count = effect.Last >= effect.First ? (int)(effect.Last.Value - effect.First.Value) + 1 : 0;
                    _queue[_tail++ % _queue.Length] = (effect.Message, i, (int)effect.First.Value, count);
                    break;
            }
        }
        // Everything a batch asked for is durable at once here, so nothing has to be held back.
        if (io != default) core.OnDurable(io);
        if (applied > LogIndex.Zero) core.OnApplied(applied);
        return io != default || applied > LogIndex.Zero;
    }

    private void Run(int rounds)
    {
        Span<Proposal> batch = stackalloc Proposal[8];
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < batch.Length; i++) batch[i] = new Proposal(new PayloadHandle(1), 100, 0, new Correlation(1));
            _cores[0].Propose(batch);
            _cores[0].Read(new Correlation(2));
            _cores[1].Read(new Correlation(3));
            Settle();
            if (round % 10 != 0) continue;
            _now += TimeSpan.FromMilliseconds(50).Ticks;
            foreach (var core in _cores) core.AdvanceTo(_now);
            Settle();
        }
    }

    [Fact]
    public void Steady_state_allocates_nothing()
    {
        Assert.Equal(Role.Leader, _cores[0].Role);
        Run(1000);
        var answered = _answered;
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(2000);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(20_000UL, _answered - answered);
        Assert.Equal(0, allocated);
    }
}
