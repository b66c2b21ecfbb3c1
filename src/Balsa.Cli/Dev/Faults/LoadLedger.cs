namespace Balsa.Cli.Dev.Faults;

/// <summary>
/// Every write of a load that was acknowledged. Keys are written once and belong to a generation; generations that were
/// checked and removed from the store are kept as a number.
/// </summary>
internal sealed class LoadLedger
{
    public const string Folder = "/balsa-dev/load/";
    private const int GenerationKeys = 2000, GenerationsKept = 2;
    private readonly Lock _gate = new();
    private readonly SortedDictionary<int, HashSet<string>> _acknowledged = new() { [1] = [] };
    private readonly HashSet<string> _lost = [];
    private long _retired;
    private int _generation = 1;
    private long _next;

    public string NewKey()
    {
        lock (_gate) return $"{PrefixOf(_generation)}{++_next:x8}";
    }

    public static string PrefixOf(int generation) => $"{Folder}{generation:x4}/";

    public void Acknowledge(string key)
    {
        lock (_gate)
        {
            var generation = int.Parse(key.AsSpan(Folder.Length, 4), System.Globalization.NumberStyles.HexNumber);
            if (_acknowledged.TryGetValue(generation, out var keys)) keys.Add(key);
            else _retired++;
            if (_acknowledged[_generation].Count >= GenerationKeys) _acknowledged[++_generation] = [];
        }
    }

    /// <summary>Some acknowledged key; null when there is none.</summary>
    public string? Any(Random dice)
    {
        lock (_gate)
        {
            var keys = _acknowledged[_generation];
            return keys.Count == 0 ? null : keys.ElementAt(dice.Next(keys.Count));
        }
    }

    /// <summary>What is to be found in the store now, by generation.</summary>
    public IReadOnlyDictionary<int, HashSet<string>> Copy()
    {
        lock (_gate) return _acknowledged.ToDictionary(pair => pair.Key, pair => pair.Value.ToHashSet());
    }

    public void Lose(IEnumerable<string> keys)
    {
        lock (_gate) _lost.UnionWith(keys);
    }

    /// <summary>The oldest generation, when there are enough younger ones.</summary>
    public int? Oldest()
    {
        lock (_gate) return _acknowledged.Count > GenerationsKept ? _acknowledged.Keys.First() : null;
    }

    /// <summary>It was checked and is removed from the store.</summary>
    public void Retire(int generation)
    {
        lock (_gate)
        {
            if (_acknowledged.Remove(generation, out var keys)) _retired += keys.Count;
        }
    }

    public LoadVerdict Verdict()
    {
        lock (_gate) return new LoadVerdict(_lost.Count, _retired + _acknowledged.Values.Sum(keys => (long)keys.Count));
    }
}

/// <summary>How many acknowledged writes are gone, of how many that were looked for.</summary>
internal sealed record LoadVerdict(long Lost, long Checked);
