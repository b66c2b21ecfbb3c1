using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Replica.Contracts;

namespace Balsa.Replica.Trust;

/// <summary>What became of comparing opinions about one index.</summary>
internal enum Comparison : byte
{
    /// <summary>Nobody contradicts this member, or nobody has said enough.</summary>
    Agreed = 0,

    /// <summary>More members say the same other thing than say what this one says: it is wrong.</summary>
    Outvoted,

    /// <summary>Others are wrong, and this member is not.</summary>
    OthersOutvoted,

    /// <summary>They differ, and nobody can say who is right.</summary>
    Split,
}

/// <summary>
/// Compares what members make of their states at equal indexes. With three opinions or more the smaller side is wrong; two that
/// differ only show that something is.
/// </summary>
internal sealed class OpinionBox(MemberId self)
{
    /// <summary>Members apply at different times; an opinion about an index that is further back comes too late.</summary>
    private const int IndexesMax = 16;

    private readonly SortedDictionary<ulong, Dictionary<MemberId, StateOpinion>> _opinions = [];

    /// <summary>Takes one in and says what those about its index add up to.</summary>
    internal Comparison Take(MemberId member, in StateOpinion opinion, out LogIndex index)
    {
        index = opinion.Index;
        if (!_opinions.TryGetValue(opinion.Index.Value, out var about))
        {
            if (_opinions.Count == IndexesMax && opinion.Index.Value < _opinions.Keys.First()) return Comparison.Agreed;
            _opinions.Add(opinion.Index.Value, about = []);
            if (_opinions.Count > IndexesMax) _opinions.Remove(_opinions.Keys.First());
        }

        about[member] = opinion;
        return about.TryGetValue(self, out var own) ? Compare(about, own) : Comparison.Agreed;
    }

    /// <summary>The state was replaced: what was said about the one before means nothing.</summary>
    internal void Clear() => _opinions.Clear();

    private static Comparison Compare(Dictionary<MemberId, StateOpinion> about, in StateOpinion own)
    {
        var (agree, level, version) = (0, own.FeatureLevel, own.Hash.Version);
        var others = new Dictionary<StateHash, int>();
        foreach (var opinion in about.Values)
        {
            if (opinion.FeatureLevel != level || opinion.Hash.Version != version) continue;
            if (opinion.Hash == own.Hash) agree++;
            else others[opinion.Hash] = others.GetValueOrDefault(opinion.Hash) + 1;
        }

        if (others.Count == 0) return Comparison.Agreed;
        var strongest = others.Values.Max();
        if (agree + others.Values.Sum() < 3 || agree == strongest) return Comparison.Split;
        return agree < strongest ? Comparison.Outvoted : Comparison.OthersOutvoted;
    }
}
