namespace Balsa.Hosting.Sessions;

/// <summary>What the state knows of one sender: which of its requests ran, and what the newest were answered.</summary>
internal sealed class Session(ulong id, long seconds)
{
    private readonly SortedDictionary<ulong, Ran> _ran = [];

    internal ulong Id => id;

    internal long Seconds => seconds;

    /// <summary>Log time, in ticks of 100 ns.</summary>
    internal long LastUse { get; set; }

    /// <summary>Requests below this one are not told from each other any more.</summary>
    internal ulong Floor { get; private set; }

    internal int Bytes { get; private set; }

    internal int Count => _ran.Count;

    internal bool IsOver(long logTime) => logTime - LastUse > seconds * TimeSpan.TicksPerSecond;

    internal bool TryFind(ulong request, out ulong index, out byte[]? answer)
    {
        var found = _ran.TryGetValue(request, out var ran);
        (index, answer) = (ran.Index, ran.Answer);
        return found;
    }

    /// <summary>The sender has the answers to all requests below this one.</summary>
    internal void Forget(ulong below)
    {
        if (below <= Floor) return;
        Floor = below;
        while (Oldest is { } oldest && oldest < below) Remove(oldest);
    }

    /// <param name="answer">Null when it is not kept.</param>
    internal void Add(ulong request, ulong index, byte[]? answer)
    {
        _ran.Add(request, new Ran(index, answer));
        Bytes += answer?.Length ?? 0;
        while (_ran.Count > SessionTable.RequestsMax) Forget(Oldest!.Value + 1);
        if (Bytes <= SessionTable.SessionBytesMax) return;
        // Half of it at once, because each time means a walk over all.
        foreach (var old in _ran.Keys.ToArray())
        {
            if (Bytes <= SessionTable.SessionBytesMax / 2) break;
            if (old != request) ForgetAnswer(old);
        }
    }

    internal void ForgetAnswers()
    {
        foreach (var request in _ran.Keys.ToArray()) ForgetAnswer(request);
    }

    internal void Write(BinaryWriter into)
    {
        into.Write(id);
        into.Write(seconds);
        into.Write(LastUse);
        into.Write(Floor);
        into.Write(_ran.Count);
        foreach (var (request, ran) in _ran)
        {
            into.Write(request);
            into.Write(ran.Index);
            into.Write(ran.Answer?.Length ?? -1);
            into.Write(ran.Answer ?? []);
        }
    }

    internal static Session Read(BinaryReader from)
    {
        var session = new Session(from.ReadUInt64(), from.ReadInt64()) { LastUse = from.ReadInt64(), Floor = from.ReadUInt64() };
        for (var left = from.ReadInt32(); left > 0; left--)
        {
            var (request, index, length) = (from.ReadUInt64(), from.ReadUInt64(), from.ReadInt32());
            session._ran.Add(request, new Ran(index, length < 0 ? null : from.ReadBytes(length)));
            session.Bytes += Math.Max(0, length);
        }

        return session;
    }

    private ulong? Oldest => _ran.Count == 0 ? null : _ran.First().Key;

    private void Remove(ulong request)
    {
        Bytes -= _ran[request].Answer?.Length ?? 0;
        _ran.Remove(request);
    }

    private void ForgetAnswer(ulong request)
    {
        Bytes -= _ran[request].Answer?.Length ?? 0;
        _ran[request] = _ran[request] with { Answer = null };
    }

    private readonly record struct Ran(ulong Index, byte[]? Answer);
}
