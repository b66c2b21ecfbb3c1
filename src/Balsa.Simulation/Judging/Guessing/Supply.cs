namespace Balsa.Simulation.Judging.Guessing;

/// <summary>
/// Whether there are enough operations of unknown outcome for all revisions that nobody was told, each used once: a matching
/// that grows by one revision at a time, along paths on which earlier ones change for another.
/// </summary>
internal sealed class Supply
{
    private readonly List<List<int>> _wanted = [];
    private readonly List<int> _held = [];
    private readonly Dictionary<int, int> _holders = [];

    /// <summary>False if no way to share the operations out leaves one for this revision too.</summary>
    internal bool TryAdd(List<int> unknowns)
    {
        var added = _wanted.Count;
        _wanted.Add(unknowns);
        _held.Add(Candidate.None);
        // Breadth first, so that a long path needs no deep stack.
        var askedBy = new Dictionary<int, int>();
        var waiting = new Queue<int>([added]);
        while (waiting.TryDequeue(out var asking))
        {
            foreach (var unknown in _wanted[asking])
            {
                if (!askedBy.TryAdd(unknown, asking)) continue;
                if (_holders.TryGetValue(unknown, out var holder))
                {
                    waiting.Enqueue(holder);
                    continue;
                }

                HandOver(unknown, askedBy);
                return true;
            }
        }

        return false;
    }

    /// <summary>What the revision that was added at a place has in the end.</summary>
    internal int At(int place) => _held[place];

    private void HandOver(int unknown, Dictionary<int, int> askedBy)
    {
        while (unknown != Candidate.None)
        {
            var taker = askedBy[unknown];
            var given = _held[taker];
            (_held[taker], _holders[unknown]) = (unknown, taker);
            unknown = given;
        }
    }
}
