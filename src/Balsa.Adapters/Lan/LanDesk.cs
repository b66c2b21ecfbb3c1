namespace Balsa.Adapters.Lan;

/// <summary>
/// Answers the requests of clients, each once: by the leader with what a majority holds, by the others with who leads. While
/// nobody is known to lead, a request waits, and is answered with its own id when somebody does or when its time is over.
/// It owns no thread and no clock, so that a simulated node serves as a real one does.
/// </summary>
public sealed class LanDesk(string self, ILanNode node, Action<LanMessage> send, LanDeskOptions options)
{
    private readonly List<(LanMessage Request, long Deadline)> _held = [];
    private readonly HashSet<(string Client, string Id)> _known = [];
    private readonly Queue<(string Client, string Id)> _order = new();
    private long _now;

    public int Held => _held.Count;

    /// <summary>Requests that came again, which were not answered again.</summary>
    public long Repeated { get; private set; }

    /// <summary>When <see cref="OnTime"/> has something to do at the latest.</summary>
    public long NextDeadline { get; private set; } = long.MaxValue;

    /// <summary>A get or a put. Anything else is not for this desk.</summary>
    public void OnRequest(LanMessage request, long now)
    {
        ArgumentNullException.ThrowIfNull(request);
        _now = now;
        if (!IsNew(request)) return;
        Serve(request, now + options.PatienceTicks);
    }

    /// <summary>Time has passed, or another leader may be known.</summary>
    public void OnTime(long now)
    {
        _now = now;
        if (_held.Count == 0 || (node.Leader is null && now < NextDeadline)) return;
        var waiting = _held.ToArray();
        _held.Clear();
        NextDeadline = long.MaxValue;
        foreach (var (request, deadline) in waiting) Serve(request, deadline);
    }

    private bool IsNew(LanMessage request)
    {
        var name = (request.Source, request.Id!);
        if (!_known.Add(name))
        {
            Repeated++;
            return false;
        }

        _order.Enqueue(name);
        if (_order.Count > options.RequestsRemembered) _known.Remove(_order.Dequeue());
        return true;
    }

    private void Serve(LanMessage request, long deadline)
    {
        if (node.Leader is null) HoldOrFail(request, deadline);
        else if (node.Leader != self) Forward(request);
        else if (request.Category == LanCategories.Get) node.Get(request.Key!, told => OnTold(request, deadline, told));
        else node.Put(request.Key!, request.Value!, told => OnTold(request, deadline, told));
    }

    private void OnTold(LanMessage request, long deadline, in LanResult told)
    {
        switch (told.Verdict)
        {
            case LanVerdict.Done: send(Reply(request, LanCategories.Success) with { Value = told.Value }); break;
            case LanVerdict.NoSuchKey: Fail(request, LanReasons.NoSuchKey); break;
            case LanVerdict.Unknown: Fail(request, LanReasons.Unknown); break;
            case LanVerdict.NotLeader when node.Leader is { } leader && leader != self: Forward(request); break;
            case LanVerdict.NotLeader: HoldOrFail(request, deadline); break;
            default: Fail(request, LanReasons.NotDone); break;
        }
    }

    private void HoldOrFail(LanMessage request, long deadline)
    {
        if (_now >= deadline || _held.Count >= options.HeldMax)
        {
            Fail(request, LanReasons.NotDone);
            return;
        }

        _held.Add((request, deadline));
        NextDeadline = Math.Min(NextDeadline, deadline);
    }

    private void Forward(LanMessage request) => send(Reply(request, LanCategories.Forward));

    private void Fail(LanMessage request, string reason) => send(Reply(request, LanCategories.Failure) with { Reason = reason });

    private LanMessage Reply(LanMessage request, string category) =>
        request.ReplyTo(category, node.Leader ?? LanMessage.Nobody, node.Term) with { Source = self };
}
