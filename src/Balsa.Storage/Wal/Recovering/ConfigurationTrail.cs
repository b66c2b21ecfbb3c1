using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Storage.Wal.Format;

namespace Balsa.Storage.Wal.Recovering;

/// <summary>Which configuration is in force at the end of what was read: it decides whether others can help after damage.</summary>
internal sealed class ConfigurationTrail
{
    private readonly List<(LogIndex Index, Configuration Configuration)> _entries = [];

    internal void Note(in RecordHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.Type == RecordType.Truncation)
        {
            while (_entries.Count > 0 && _entries[^1].Index > header.Last.Index) _entries.RemoveAt(_entries.Count - 1);
        }
        else if (header.Type == RecordType.Entry && header.Detail == (byte)EntryKind.Configuration
            && ConfigurationCodec.TryRead(payload, out var configuration))
        {
            _entries.Add((header.Last.Index, configuration));
        }
    }

    internal Configuration InForce(LogIndex baseIndex, Configuration atBase) =>
        _entries.Count > 0 && _entries[^1].Index > baseIndex ? _entries[^1].Configuration : atBase;
}
