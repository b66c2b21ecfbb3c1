using Balsa.Hosting.Commands;
using Balsa.Hosting.Errors;
using Balsa.Hosting.Machines;
using Balsa.Hosting.Sessions;
using Balsa.Raft.Log;
using Balsa.Replica;
using Balsa.Replica.Contracts;

namespace Balsa.Hosting.Tests.Machines;

/// <summary>The replicated part, entry by entry.</summary>
public sealed class MachineTests
{
    private readonly RaftModel<Ledger> _model = RaftModel.Of<Ledger>();
    private HostedMachine<Ledger> _machine;
    private ulong _index;

    public MachineTests() => _machine = new HostedMachine<Ledger>(_model, "n1");

    [Fact]
    public void A_command_that_comes_twice_runs_once_and_is_answered_twice()
    {
        var session = Open();

        Assert.Equal(1, Run<int>(new Mark("a"), session, request: 1));
        Assert.Equal(1, Run<int>(new Mark("a"), session, request: 1));
        Assert.Equal(2, Run<int>(new Mark("a"), session, request: 2));
    }

    [Fact]
    public void A_session_travels_in_snapshots()
    {
        var session = Open();
        Run<int>(new Mark("a"), session, request: 1);

        Reload();

        Assert.Equal(1, Run<int>(new Mark("a"), session, request: 1));
        Assert.Equal(2, Run<int>(new Mark("a"), session, request: 2));
    }

    [Fact]
    public void A_command_of_a_session_that_is_not_there_does_not_run()
    {
        var (kind, _) = Apply(new Add(1), session: 77, request: 1);

        Assert.Equal(AnswerKind.UnknownSession, kind);
        Assert.Equal(0, Query(state => state.Value));
    }

    [Fact]
    public void A_session_ends_when_it_is_silent_for_too_long_in_log_time()
    {
        var session = Open(seconds: 10);
        Run<long>(new Add(1), session, request: 1, logTime: TimeSpan.FromSeconds(10));
        Run<long>(new Add(1), session, request: 2, logTime: TimeSpan.FromSeconds(20));

        Assert.Equal(AnswerKind.UnknownSession, Apply(new Add(1), session, request: 3, logTime: TimeSpan.FromSeconds(31)).Kind);
    }

    [Fact]
    public void An_answer_that_the_sender_has_is_forgotten()
    {
        var session = Open();
        Run<long>(new Add(1), session, request: 1);
        Run<long>(new Add(1), session, request: 2, answeredBelow: 2);

        Assert.Equal(AnswerKind.TooOld, Apply(new Add(1), session, request: 1).Kind);
        Assert.Equal(2, Query(state => state.Value));
    }

    [Fact]
    public void A_result_too_large_to_keep_is_told_as_done_the_second_time()
    {
        var session = Open();
        Assert.Equal(300_000, Run<string>(new Fill(300_000), session, request: 1).Length);

        Assert.Equal(AnswerKind.NotKept, Apply(new Fill(300_000), session, request: 1).Kind);
    }

    [Fact]
    public void A_result_too_large_to_send_is_told_as_done() =>
        Assert.Equal(AnswerKind.NotKept, Apply(new Fill(2_000_000), Open(), request: 1).Kind);

    [Fact]
    public void What_a_command_may_know_is_the_same_on_every_member()
    {
        var seen = Run<Sight>(new Look(), Open(), request: 1, logTime: TimeSpan.FromSeconds(3));
        (_machine, _index) = (new HostedMachine<Ledger>(_model, "n2"), 0);

        Assert.Equal(seen, Run<Sight>(new Look(), Open(), request: 1, logTime: TimeSpan.FromSeconds(3)));
        Assert.Equal(TimeSpan.FromSeconds(3), seen.Timestamp);
        Assert.NotEqual(seen.Random, Run<Sight>(new Look(), Open(), request: 1).Random);
    }

    [Fact]
    public void Log_time_never_goes_back()
    {
        var session = Open();
        Run<long>(new Add(1), session, request: 1, logTime: TimeSpan.FromSeconds(5));

        Reload();

        Assert.Equal(TimeSpan.FromSeconds(5), Run<Sight>(new Look(), session, request: 2, logTime: TimeSpan.FromSeconds(4)).Timestamp);
    }

    [Fact]
    public void An_exception_discards_the_state_for_good()
    {
        var session = Open();
        Assert.Throws<ApplyFailedException>(() => Apply(new Break(0), session, request: 1));
        Assert.Throws<ApplyFailedException>(() => Apply(new Add(1), session, request: 2));

        Assert.Equal(2UL, _machine.Failure!.Index);
        Assert.Contains("this was a mistake", _machine.Failure.Message, StringComparison.Ordinal);
        Assert.Null(_machine.Capture());
        Assert.Same(_machine.Failure, ((QueryResult)_machine.Query(_machine.Queries.Add(state => state.Value))).Problem);
    }

    [Fact]
    public void A_command_that_this_build_does_not_have_stops_it()
    {
        var session = Open();
        var other = CommandCatalog<Uri>.Of(typeof(Stray).Assembly).Find(typeof(Stray));
        var entry = HostedEntry.Command(other, _model.Codec, new Stray(), session, 1, 0);

        var problem = Assert.Throws<UnusableEntryException>(() => Apply(entry, TimeSpan.Zero));

        Assert.Contains("Stray (version 1) that this build does not have", problem.Message, StringComparison.Ordinal);
    }

    private ulong Open(long seconds = 60)
    {
        var (kind, index) = Apply(HostedEntry.Open(seconds), TimeSpan.Zero);
        Assert.Equal(AnswerKind.Done, kind);
        return index;
    }

    private TResult Run<TResult>(
        ICommand<Ledger, TResult> command, ulong session, ulong request, TimeSpan logTime = default, ulong answeredBelow = 0)
    {
        var answer = ApplyBytes(EntryOf(command, session, request, answeredBelow), logTime);
        Assert.Equal(AnswerKind.Done, HostedAnswer.Read(answer).Kind);
        return _model.Codec.Read<TResult>(HostedAnswer.ResultIn(answer));
    }

    private (AnswerKind Kind, ulong Index) Apply(object command, ulong session, ulong request, TimeSpan logTime = default) =>
        Apply(EntryOf(command, session, request, 0), logTime);

    private (AnswerKind Kind, ulong Index) Apply(byte[] entry, TimeSpan logTime) => HostedAnswer.Read(ApplyBytes(entry, logTime));

    private byte[] ApplyBytes(byte[] entry, TimeSpan logTime)
    {
        EntryEnvelope.TryRead(entry, out var envelope, out var body);
        return _machine.Apply(new EntryId(new Term(1), new LogIndex(++_index)), envelope with { LogTime = logTime.Ticks }, body).ToArray();
    }

    private byte[] EntryOf(object command, ulong session, ulong request, ulong answeredBelow) =>
        HostedEntry.Command(_model.Commands.Find(command.GetType()), _model.Codec, command, session, request, answeredBelow);

    private TResult Query<TResult>(Func<Ledger, TResult> query) =>
        (TResult)((QueryResult)_machine.Query(_machine.Queries.Add(state => query(state)))).Value!;

    /// <summary>The machine's state through a snapshot into another machine.</summary>
    private void Reload()
    {
        using var capture = _machine.Capture()!;
        using var ready = new AutoResetEvent(initialState: false);
        capture.Ready = () => ready.Set();
        var other = new HostedMachine<Ledger>(_model, "n2");
        var restore = other.BeginRestore(_machine.Content);
        Span<byte> piece = stackalloc byte[7];
        for (int read; (read = capture.Read(piece)) != IStateCapture.End;)
        {
            if (read == IStateCapture.Waits) Assert.True(ready.WaitOne(TimeSpan.FromSeconds(30)));
            else Assert.True(restore.TryTake(piece[..read]));
        }

        Assert.True(restore.TryFinish(), restore.Problem);
        other.Adopt(restore);
        _machine = other;
    }
}
