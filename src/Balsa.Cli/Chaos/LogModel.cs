using System.Buffers.Binary;
using System.Globalization;
using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;

namespace Balsa.Cli.Chaos;

/// <summary>
/// What a log should hold after some operations. The worker asks it what may come next; the campaign repeats the worker's
/// operations in another one and compares it with the disk.
/// </summary>
internal sealed class LogModel
{
    private readonly List<(EntryId Id, int Length)> _entries = [];

    internal HardState HardState { get; private set; }

    /// <summary>The entry before the first one.</summary>
    internal EntryId Base { get; private set; }

    internal EntryId Last => _entries.Count == 0 ? Base : _entries[^1].Id;

    /// <summary>What follows the base, in order.</summary>
    internal IReadOnlyList<(EntryId Id, int Length)> Entries => _entries;

    internal EntryId At(LogIndex index) => index == Base.Index ? Base : _entries[(int)(index - Base.Index) - 1].Id;

    internal static LogModel Of(HardState hardState, EntryId boundary, IEnumerable<(EntryId Id, int Length)> entries)
    {
        var model = new LogModel { HardState = hardState, Base = boundary };
        model._entries.AddRange(entries);
        return model;
    }

    internal LogModel Copy() => Of(HardState, Base, _entries);

    internal void Apply(in LogStep step)
    {
        switch (step.Kind)
        {
            case LogStep.HardStateKind: HardState = new HardState(new Term(step.Term), new MemberId(step.Number)); break;
            case LogStep.EntryKind: _entries.Add((new EntryId(new Term(step.Term), new LogIndex(step.Number)), step.Length)); break;
            case LogStep.TruncateKind:
                var kept = (int)(step.Number - Base.Index.Value) - 1;
                _entries.RemoveRange(kept, _entries.Count - kept);
                break;
            case LogStep.BaseKind:
                var boundary = new EntryId(new Term(step.Term), new LogIndex(step.Number));
                _entries.RemoveRange(0, (int)(boundary.Index - Base.Index));
                Base = boundary;
                break;
            default: throw new FormatException($"\"{step}\" is no operation");
        }
    }

    /// <summary>Bytes that belong to this entry and to no other one.</summary>
    internal static byte[] PayloadOf(EntryId id, int length)
    {
        var bytes = new byte[length];
        var state = id.Index.Value * 0x9E3779B97F4A7C15 ^ id.Term.Value << 40;
        Span<byte> word = stackalloc byte[8];
        for (var at = 0; at < length; at += 8)
        {
            state = state * 6364136223846793005 + 1442695040888963407;
            BinaryPrimitives.WriteUInt64LittleEndian(word, state);
            word[..Math.Min(8, length - at)].CopyTo(bytes.AsSpan(at));
        }

        return bytes;
    }
}

/// <summary>One operation on a log, as a line between two processes.</summary>
internal readonly record struct LogStep(char Kind, ulong Term, ulong Number, int Length)
{
    internal const char HardStateKind = 'H', EntryKind = 'E', TruncateKind = 'T', BaseKind = 'B';

    /// <summary>Everything through the step of this number is on stable media, and somebody was told so.</summary>
    internal const char Acknowledged = 'a';

    /// <summary>The directory is open, with this boot.</summary>
    internal const char Opened = 'o';

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Kind} {Term} {Number} {Length}");

    /// <summary>False for half a line: the last that a killed process wrote.</summary>
    internal static bool TryParse(string line, out LogStep step)
    {
        step = default;
        var words = line.Split(' ');
        if (words.Length != 5 || words[0].Length != 1 || words[4] != ".") return false;
        step = new LogStep(
            words[0][0], ulong.Parse(words[1], CultureInfo.InvariantCulture), ulong.Parse(words[2], CultureInfo.InvariantCulture),
            int.Parse(words[3], CultureInfo.InvariantCulture));
        return true;
    }

    /// <summary>The line, with a mark that says that it is whole.</summary>
    internal string ToLine() => $"{this} .\n";
}
