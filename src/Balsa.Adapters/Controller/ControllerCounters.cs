namespace Balsa.Adapters.Controller;

/// <summary>What came in at a controller port and what became of it. Any thread may read.</summary>
public sealed class ControllerCounters
{
    private long _received, _answered, _strangers, _busy, _failed, _notJson, _unknown, _answers, _fromMembers;

    public long Received => Interlocked.Read(ref _received);

    /// <summary>Datagrams sent.</summary>
    public long Answered => Interlocked.Read(ref _answered);

    /// <summary>From an address that is not allowed, or without the right signature.</summary>
    public long Strangers => Interlocked.Read(ref _strangers);

    /// <summary>Turned away because too many requests were under way.</summary>
    public long Busy => Interlocked.Read(ref _busy);

    /// <summary>Answers that could not be sent.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>No JSON object with a request in it.</summary>
    public long NotJson => Interlocked.Read(ref _notJson);

    public long Unknown => Interlocked.Read(ref _unknown);

    /// <summary>Answers of others, which are never answered.</summary>
    public long Answers => Interlocked.Read(ref _answers);

    /// <summary>What only members say to each other.</summary>
    public long FromMembers => Interlocked.Read(ref _fromMembers);

    internal void CountReceived() => Interlocked.Increment(ref _received);

    internal void CountAnswered() => Interlocked.Increment(ref _answered);

    internal void CountStranger() => Interlocked.Increment(ref _strangers);

    internal void CountBusy() => Interlocked.Increment(ref _busy);

    internal void CountFailed() => Interlocked.Increment(ref _failed);

    internal void Count(Flaw flaw)
    {
        switch (flaw)
        {
            case Flaw.UnknownRequest: Interlocked.Increment(ref _unknown); break;
            case Flaw.IsAnswer: Interlocked.Increment(ref _answers); break;
            case Flaw.FromMember: Interlocked.Increment(ref _fromMembers); break;
            default: Interlocked.Increment(ref _notJson); break;
        }
    }
}
