namespace Balsa.Hosting.Sessions;

/// <summary>The numbers of one session's requests: which are given, and below which all were answered.</summary>
internal sealed class RequestNumbers
{
    private readonly SortedSet<ulong> _open = [];
    private readonly Lock _gate = new();
    private ulong _last;

    /// <summary>Requests below this one are never asked about again. What was given up long ago does not hold it back.</summary>
    internal ulong AnsweredBelow
    {
        get
        {
            lock (_gate)
            {
                var window = _last > SessionTable.RequestsMax ? _last - SessionTable.RequestsMax + 1 : 1;
                while (_open.Count > 0 && _open.Min < window) _open.Remove(_open.Min);
                return _open.Count > 0 ? _open.Min : _last + 1;
            }
        }
    }

    internal ulong Take()
    {
        lock (_gate)
        {
            _open.Add(++_last);
            return _last;
        }
    }

    internal void Finish(ulong request)
    {
        lock (_gate) _open.Remove(request);
    }
}
