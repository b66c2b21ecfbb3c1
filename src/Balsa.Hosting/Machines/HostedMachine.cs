using System.Buffers;
using Balsa.Hosting.Commands;
using Balsa.Hosting.Errors;
using Balsa.Hosting.Sessions;
using Balsa.Raft.Log;
using Balsa.Replica;
using Balsa.Replica.Contracts;

namespace Balsa.Hosting.Machines;

/// <summary>The user's state as the replica sees it, with sessions before it. One thread calls it.</summary>
internal sealed class HostedMachine<TState>(RaftModel<TState> model, string member) : IStateMachine where TState : class
{
    /// <summary>A larger result would not fit into a frame on its way back from the leader.</summary>
    internal const int ResultBytesMax = 1 << 20;

    /// <summary>Kind 1 is the key-value store.</summary>
    private static readonly ContentVersion HostedContent = new(2, 1);

    private readonly ArrayBufferWriter<byte> _answer = new();
    private HostedState<TState>? _state = new(model.NewState(), new SessionTable(), 0);
    private ApplyFailedException? _failure;
    private ulong _applied;

    internal QueryDesk<TState> Queries { get; } = new();

    /// <summary>Why there is no state any more. Read by any thread.</summary>
    internal ApplyFailedException? Failure => Volatile.Read(ref _failure);

    /// <summary>Called when it fails, by the applying thread.</summary>
    internal Action<ApplyFailedException> Failed { get; set; } = _ => { };

    /// <summary>Nobody can say what is equal in a class that the user wrote.</summary>
    public StateHash? Hash => null;

    internal ulong Applied => Volatile.Read(ref _applied);

    public ContentVersion Content => HostedContent;

    public ReadOnlySpan<byte> Apply(EntryId entry, in EntryEnvelope envelope, ReadOnlySpan<byte> command)
    {
        var index = entry.Index.Value;
        if (_state is null) throw Failure!;
        Volatile.Write(ref _applied, index);
        if (envelope.CommandVersion != HostedEntry.Version) throw Unusable(entry, $"its layout has version {envelope.CommandVersion}");
        _state.LogTime = Math.Max(_state.LogTime, envelope.LogTime);
        HostedAnswer.Begin(_answer, AnswerKind.Done, index);
        switch (envelope.CommandKind)
        {
            case HostedEntry.OpenKind when HostedEntry.TryReadNumber(command, out var seconds):
                if (!_state.Sessions.TryOpen(index, (long)seconds, _state.LogTime))
                    HostedAnswer.Begin(_answer, AnswerKind.NoMoreSessions, index);
                break;
            case HostedEntry.CloseKind when HostedEntry.TryReadNumber(command, out var session):
                _state.Sessions.Close(session);
                break;
            case HostedEntry.CommandKind:
                return Command(entry, envelope, command);
            default:
                throw Unusable(entry, $"it is of kind {envelope.CommandKind}, which this build does not know");
        }

        return _answer.WrittenSpan;
    }

    public object Query(ReadOnlyMemory<byte> query) =>
        _state is { } state ? Queries.Run(query.Span, state.User) : new QueryResult(null, Failure);

    public void EndBatch()
    {
    }

    /// <summary>Without a state there is nothing to keep, and the log before the mistake must stay.</summary>
    public IStateCapture? Capture() => _state is { } state ? new HostedCapture<TState>(state, model.Format) : null;

    public IStateRestore BeginRestore(ContentVersion content) => new HostedRestore<TState>(model.Format, content, HostedContent);

    public void Adopt(IStateRestore restored)
    {
        // Another member came past the entry that failed here, so this state is as good as any.
        _state = ((HostedRestore<TState>)restored).State;
        Volatile.Write(ref _failure, null);
    }

    public bool Work() => false;

    private ReadOnlySpan<byte> Command(EntryId entry, in EntryEnvelope envelope, ReadOnlySpan<byte> body)
    {
        if (!HostedEntry.TryReadCommand(body, out var answeredBelow, out var name, out var version, out var bytes))
            throw Unusable(entry, "it is cut short");
        var index = entry.Index.Value;
        var (session, request) = (envelope.Session, envelope.Request);
        var verdict = _state!.Sessions.Begin(session, request, answeredBelow, _state.LogTime, out var ranAt, out var answer);
        if (verdict == RequestVerdict.Runs)
        {
            Run(entry, name, version, bytes);
            var result = HostedAnswer.ResultIn(_answer.WrittenSpan);
            var keeps = result.Length <= ResultBytesMax;
            _state.Sessions.End(session, request, index, result, keeps && result.Length <= SessionTable.SessionBytesMax);
            if (!keeps) HostedAnswer.Begin(_answer, AnswerKind.NotKept, index);
            return _answer.WrittenSpan;
        }

        HostedAnswer.Begin(_answer, KindOf(verdict), ranAt);
        _answer.Write(answer);
        return _answer.WrittenSpan;
    }

    /// <summary>
    /// Runs the command; its result stands in the answer. When it throws, the state may be half changed and is discarded: the
    /// replica goes on without it, and keeps log and vote.
    /// </summary>
    private void Run(EntryId entry, string name, ushort version, ReadOnlySpan<byte> bytes)
    {
        var type = model.Commands.Find(name, version)
            ?? throw Unusable(entry, $"it is a command {name} (version {version}) that this build does not have");
        var run = Read(entry, type, bytes);
        try
        {
            var context = new ApplyContext(entry.Index.Value, entry.Term.Value, TimeSpan.FromTicks(_state!.LogTime));
            run(_state.User, context, _answer);
        }
        catch (Exception problem)
        {
            var why = $"{problem.GetType().Name}: {problem.Message}";
            var failure = new ApplyFailedException(entry.Index.Value, $"{type}", member, why, problem);
            _state = null;
            Volatile.Write(ref _failure, failure);
            Failed(failure);
            throw failure;
        }
    }

    private Action<TState, ApplyContext, IBufferWriter<byte>> Read(EntryId entry, CommandType<TState> type, ReadOnlySpan<byte> bytes)
    {
        try
        {
            return type.Read(model.Codec, bytes);
        }
        catch (Exception problem)
        {
            // Other builds could read it: this member must not go on with another state than theirs.
            throw Unusable(entry, $"it is a command {type} that this build cannot read: {problem.Message}");
        }
    }

    private static AnswerKind KindOf(RequestVerdict verdict) => verdict switch
    {
        RequestVerdict.Repeated => AnswerKind.Done,
        RequestVerdict.NotKept => AnswerKind.NotKept,
        RequestVerdict.TooOld => AnswerKind.TooOld,
        _ => AnswerKind.UnknownSession,
    };

    private static UnusableEntryException Unusable(EntryId entry, string why) => new(entry, why);
}
