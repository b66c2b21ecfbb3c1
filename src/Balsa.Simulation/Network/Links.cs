using Balsa.Simulation.Worlds;

namespace Balsa.Simulation.Network;

/// <summary>Who can reach whom, each direction by itself.</summary>
internal sealed class Links
{
    private const int N = WorldOptions.SlotsMax;
    private readonly int[] _cuts = new int[N * N];
    private readonly long[] _cloggedUntil = new long[N * N];
    private readonly long[] _lastArrival = new long[N * N];

    internal bool IsCut(int from, int to) => _cuts[from * N + to] > 0;

    /// <summary>Cuts are counted, so that overlapping partitions heal one by one.</summary>
    internal void Cut(int from, int to) => _cuts[from * N + to]++;

    internal void Mend(int from, int to) => _cuts[from * N + to] = Math.Max(0, _cuts[from * N + to] - 1);

    internal void Clog(int from, int to, long until) => _cloggedUntil[from * N + to] = until;

    internal long CloggedUntil(int from, int to) => _cloggedUntil[from * N + to];

    internal ref long LastArrival(int from, int to) => ref _lastArrival[from * N + to];

    internal void HealAll()
    {
        Array.Clear(_cuts);
        Array.Clear(_cloggedUntil);
        Array.Clear(_lastArrival);
    }
}
