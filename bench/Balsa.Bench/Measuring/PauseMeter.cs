namespace Balsa.Bench.Measuring;

/// <summary>
/// The longest pause by the collector since it was made. It must be asked often: it sees the last collection of each kind.
/// </summary>
public sealed class PauseMeter
{
    private static readonly GCKind[] Kinds = [GCKind.Ephemeral, GCKind.Background, GCKind.FullBlocking];
    private readonly long[] _seen = new long[Kinds.Length];
    private int _collections = -1;

    public PauseMeter()
    {
        Look();
        Longest = TimeSpan.Zero;
    }

    public TimeSpan Longest { get; private set; }

    public void Look()
    {
        var collections = GC.CollectionCount(0);
        if (collections == _collections) return;
        _collections = collections;
        for (var i = 0; i < Kinds.Length; i++)
        {
            var info = GC.GetGCMemoryInfo(Kinds[i]);
            if (info.Index == _seen[i]) continue;
            _seen[i] = info.Index;
            foreach (var pause in info.PauseDurations)
                if (pause > Longest) Longest = pause;
        }
    }
}
