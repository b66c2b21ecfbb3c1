using System.Globalization;
using System.Text;
using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Hashing;
using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Store;
using Balsa.Raft.Log;

namespace Balsa.KeyValue.Tests.Golden;

/// <summary>Feeds a golden log to a store and writes down what came of it.</summary>
internal sealed class GoldenReplay
{
    private const int HashEvery = 10;

    private readonly StringBuilder _text = new();
    private readonly Random? _random;
    private int _index;

    /// <param name="disorder">Decides how often the store publishes and frees; without it, never until somebody looks.</param>
    internal GoldenReplay(Random? disorder = null) => _random = disorder;

    /// <summary>Small bounds, so that a short log reaches all of them.</summary>
    internal static StoreOptions Options { get; } = new()
    {
        TxnOperationsMax = 8, SessionsMax = 3, SessionAnswersMax = 5, SessionAnswerBytesMax = 300, AnswerBytesMax = 400,
    };

    internal KeyValueStore<NoStoreProbe> Store { get; } = new(Options);

    internal HashSet<(CommandKind Kind, StoreError Error)> Seen { get; } = [];

    internal string Text => _text.ToString();

    internal void Run(IEnumerable<GoldenEntry> entries)
    {
        foreach (var entry in entries) Run(entry);
        NoteHashes(Store.Publish(ReaderFloor.None));
    }

    /// <summary>The content of a snapshot of the state after the log.</summary>
    internal byte[] Snapshot()
    {
        var writer = Store.BeginSnapshot()!;
        var bytes = new List<byte>();
        var buffer = new byte[100];
        for (var count = 0; count >= 0; count = writer.Read(buffer, 7)) bytes.AddRange(buffer.AsSpan(0, count));
        writer.Close();
        return [.. bytes];
    }

    private void Run(GoldenEntry entry)
    {
        Assert.Equal(EnvelopeError.None, EntryEnvelope.TryRead(entry.Bytes, out var envelope, out var command));
        var answer = Store.Apply(entry.At(++_index), envelope, command);
        var read = Answer.Read((CommandKind)envelope.CommandKind, answer);
        Seen.Add(((CommandKind)envelope.CommandKind, read.Error));
        _text.Append(CultureInfo.InvariantCulture, $"{entry.Term} {Convert.ToHexStringLower(entry.Bytes)} # {_index} ");
        _text.Append(CultureInfo.InvariantCulture, $"{(CommandKind)envelope.CommandKind}: {entry.Comment}\n");
        _text.Append(CultureInfo.InvariantCulture, $"  {Hash64.Of(answer):x16} {Store.HistoryHash:x16} {Store.ContentHash:x16}");
        _text.Append(CultureInfo.InvariantCulture, $" # {read.Error}, revision {read.Revision}\n");
        if (_random?.Next(3) == 0) Store.Publish(ReaderFloor.None);
        if (_random?.Next(2) == 0) Store.Work(_random.Next(20));
        if (_index % HashEvery == 0) NoteHashes(Store.Publish(ReaderFloor.None));
    }

    /// <summary>At the oldest revision that can be asked for, at one in the middle, and at the newest.</summary>
    private void NoteHashes(StoreView view)
    {
        var oldest = Math.Max(1, view.Compacted);
        foreach (var revision in new[] { oldest, (oldest + view.Revision) / 2, view.Revision })
        {
            Assert.Equal(StoreError.None, view.Hash(revision, out var hash));
            _text.Append(CultureInfo.InvariantCulture, $"  history up to {revision}: {hash:x8}\n");
        }
    }
}
