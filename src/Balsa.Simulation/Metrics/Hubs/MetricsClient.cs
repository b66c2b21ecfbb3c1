using System.Security.Cryptography;
using System.Text;
using Balsa.Simulation.Randomness;

namespace Balsa.Simulation.Metrics.Hubs;

/// <summary>
/// A client of the course: it gets only what it has stored, and what it puts is a new key or the successor of an old value. It
/// knows enough of its own puts to say whether an answer can be right, also when they overlap.
/// </summary>
internal sealed class MetricsClient(string id, Dice dice)
{
    private const string Letters = "0123456789abcdefghijklmnopqrstuvwxyz";
    private const int NameLength = 8;

    private readonly List<string> _stored = [];
    private readonly Dictionary<string, List<ClientPut>> _puts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _newest = new(StringComparer.Ordinal);

    internal string Id { get; } = id;

    internal int Stored => _stored.Count;

    internal MetricsRequest Make(int number, bool isGet, long now)
    {
        if (isGet) return new MetricsRequest { Client = number, IsGet = true, Key = AnyStored(), BegunAt = now };
        var isNew = _stored.Count == 0 || dice.Chance(500);
        var key = isNew ? NewName() : AnyStored();
        var value = Sha1(isNew ? key : _newest[key]);
        _newest[key] = value;
        return new MetricsRequest { Client = number, IsGet = false, Key = key, Value = value, BegunAt = now };
    }

    internal string NewName()
    {
        Span<char> name = stackalloc char[NameLength];
        foreach (ref var letter in name) letter = Letters[dice.Below(Letters.Length)];
        return new string(name);
    }

    internal ClientPut BeginPut(string key, string value, long now)
    {
        if (!_puts.TryGetValue(key, out var puts)) _puts.Add(key, puts = []);
        var put = new ClientPut(key, value, now);
        puts.Add(put);
        return put;
    }

    internal void EndPut(ClientPut put, long now)
    {
        put.End = now;
        if (!_stored.Contains(put.Key)) _stored.Add(put.Key);
    }

    /// <summary>It certainly never happened.</summary>
    internal void Forget(ClientPut put) => _puts[put.Key].Remove(put);

    /// <summary>Whether a get that was sent then may find this; null for nothing.</summary>
    internal bool MayFind(string key, string? value, long sentAt)
    {
        if (!_puts.TryGetValue(key, out var puts)) return value is null;
        if (value is null) return !puts.Exists(put => put.End < sentAt);
        return puts.Exists(put => put.Value == value && !puts.Exists(later => later.Begin > put.End && later.End < sentAt));
    }

    private string AnyStored() => _stored[dice.Below(_stored.Count)];

#pragma warning disable CA5350 // The course's clients make values this way; nothing is protected by them.
    private static string Sha1(string text) => Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5350
}

/// <summary>A put as its client knows it: it takes effect after its begin, and before its end when that is known.</summary>
internal sealed class ClientPut(string key, string value, long begin)
{
    internal string Key { get; } = key;

    internal string Value { get; } = value;

    internal long Begin { get; } = begin;

    internal long End { get; set; } = long.MaxValue;
}
