using Balsa.Hosting.Commands;
using Balsa.Hosting.Errors;
using Balsa.Raft.Effects;
using Balsa.Replica;
using Balsa.Replica.Hosting;

namespace Balsa.Hosting.Sessions;

/// <summary>Sends commands so that each runs once, however often it has to be sent.</summary>
/// <param name="propose">A try: hands an entry to a member, which may wait so long.</param>
/// <param name="over">Why no further try is of any use; null while one is.</param>
#pragma warning disable CA1001 // The semaphore has no handle as long as nobody asks for one.
internal sealed class SessionClient<TState>(
    RaftModel<TState> model, Func<byte[], TimeSpan, Task<ReplicaAnswer>> propose, Func<Exception?> over, TimeSpan patience,
    int entryBytesMax)
    where TState : class
#pragma warning restore CA1001
{
    /// <summary>Far longer than any command is on its way: an unknown session means that its command never ran.</summary>
    private const long SilentSecondsMax = 30 * 60;

    /// <summary>Commands on their way at the same time. Fewer than the answers that are remembered.</summary>
    private readonly SemaphoreSlim _places = new(SessionTable.RequestsMax / 2);
    private readonly Lock _gate = new();
    private Task<OpenSession>? _session;

    internal async Task<TResult> ExecuteAsync<TResult>(ICommand<TState, TResult> command, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(command);
        var ticket = new Ticket<TState>(model.Commands.Find(command.GetType()), command);
        await _places.WaitAsync(stop);
        try
        {
            return await AskAsync<TResult>(ticket, stop);
        }
        finally
        {
            _places.Release();
        }
    }

    /// <summary>Gives the place in the state back, if that can be done at once.</summary>
    internal async Task CloseAsync(TimeSpan longest)
    {
        Task<OpenSession>? session;
        lock (_gate) (session, _session) = (_session, null);
        if (session is { IsCompletedSuccessfully: true }) await propose(HostedEntry.Close((await session).Id), longest);
    }

    private async Task<TResult> AskAsync<TResult>(Ticket<TState> ticket, CancellationToken stop)
    {
        var deadline = MonotonicClock.Now + patience.Ticks;
        while (true)
        {
            if (ticket.Session is null) ticket.Enter(await CurrentSession().WaitAsync(stop));
            var answer = await propose(EntryOf(ticket), TimeLeft(deadline)).WaitAsync(stop);
            if (answer is { Outcome.Verdict: Verdict.Done, Result: byte[] told })
            {
                if (Accepts(ticket, told)) return model.Codec.Read<TResult>(HostedAnswer.ResultIn(told));
                continue;
            }

            ticket.MayHaveRun |= answer.Outcome.Verdict != Verdict.NotDone;
            if (over() is ApplyFailedException failure) throw failure.Again();
            if (Attempts.IsFinal(answer) || over() is not null || MonotonicClock.Now >= deadline)
                throw GiveUp<TResult>(ticket, over()?.Message ?? Attempts.Explain(answer, patience));
            await Task.Delay(Attempts.Pause, stop);
        }
    }

    /// <summary>True when the result is there; false when the command has to be sent in a new session, since it never ran.</summary>
    private bool Accepts(Ticket<TState> ticket, byte[] told)
    {
        var (kind, index) = HostedAnswer.Read(told);
        if (kind == AnswerKind.UnknownSession) Forget(ticket.Session!);
        ticket.Leave();
        switch (kind)
        {
            case AnswerKind.Done:
                return true;
            case AnswerKind.NotKept:
                throw new AnswerNotKeptException(index);
            case AnswerKind.UnknownSession when !ticket.MayHaveRun:
                return false;
            case AnswerKind.UnknownSession:
                throw new OutcomeUnknownException("its session was silent for too long and is forgotten", null);
            default:
                throw new OutcomeUnknownException("too many later commands ran meanwhile, and its own result is forgotten", null);
        }
    }

    private Exception GiveUp<TResult>(Ticket<TState> ticket, string why)
    {
        if (ticket.MayHaveRun) return new OutcomeUnknownException(why, new Retries<TResult>(this, ticket).AskAsync);
        ticket.Leave();
        return new NotAppliedException(why);
    }

    private byte[] EntryOf(Ticket<TState> ticket)
    {
        var session = ticket.Session!;
        var entry = HostedEntry.Command(
            ticket.Type, model.Codec, ticket.Command, session.Id, ticket.Request, session.Numbers.AnsweredBelow);
        if (entry.Length <= entryBytesMax) return entry;
        ticket.Leave();
        throw new ImpossibleCommandException(
            $"The command {ticket.Type} takes {entry.Length} bytes, and an entry has room for {entryBytesMax}. Split it into several.");
    }

    private static TimeSpan TimeLeft(long deadline)
    {
        var left = TimeSpan.FromTicks(deadline - MonotonicClock.Now);
        return left > Attempts.TryMax ? Attempts.TryMax : left > Attempts.Pause ? left : Attempts.Pause;
    }

    /// <summary>The one for new commands, opened if there is none.</summary>
    private Task<OpenSession> CurrentSession()
    {
        lock (_gate) return _session is null or { IsFaulted: true } or { IsCanceled: true } ? _session = OpenAsync() : _session;
    }

    private async Task<OpenSession> OpenAsync()
    {
        await Task.Yield();
        var deadline = MonotonicClock.Now + patience.Ticks;
        while (true)
        {
            var answer = await propose(HostedEntry.Open(SilentSecondsMax), TimeLeft(deadline));
            if (answer is { Outcome.Verdict: Verdict.Done, Result: byte[] told })
            {
                var (kind, index) = HostedAnswer.Read(told);
                if (kind == AnswerKind.Done) return new OpenSession(index);
                throw new NotAppliedException($"{SessionTable.SessionsMax} other processes have sessions, and there is no room for more");
            }

            // A session that nobody knows of ends by itself.
            if (over() is ApplyFailedException failure) throw failure.Again();
            if (Attempts.IsFinal(answer) || over() is not null || MonotonicClock.Now >= deadline)
                throw new NotAppliedException(over()?.Message ?? Attempts.Explain(answer, patience));
            await Task.Delay(Attempts.Pause);
        }
    }

    private void Forget(OpenSession session)
    {
        lock (_gate)
            if (_session is { IsCompletedSuccessfully: true } open && open.Result.Id == session.Id) _session = null;
    }

    /// <summary>However often somebody asks, and from however many places: it is asked under one number, and the result stays.</summary>
    private sealed class Retries<TResult>(SessionClient<TState> client, Ticket<TState> ticket)
    {
        private readonly Lock _gate = new();
        private Task<TResult>? _asking;

        internal async Task<object?> AskAsync(CancellationToken stop)
        {
            Task<TResult> asking;
            lock (_gate)
            {
                if (_asking is null or { IsFaulted: true } or { IsCanceled: true })
                    _asking = client.AskAsync<TResult>(ticket, CancellationToken.None);
                asking = _asking;
            }

            return await asking.WaitAsync(stop);
        }
    }
}
