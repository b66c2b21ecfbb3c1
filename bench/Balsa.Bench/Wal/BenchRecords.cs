using System.Diagnostics;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Storage;
using Balsa.Storage.Opening;
using Balsa.Storage.Wal;
using Balsa.Storage.Wal.Writing;

namespace Balsa.Bench.Wal;

/// <summary>
/// What the benchmarks put into a log: entries whose bytes and checksums are ready, because making those is the
/// proposer's work. One batch is offered at a time.
/// </summary>
internal sealed class BenchRecords : IWalSource
{
    private static readonly Configuration Members = Configuration.OfVoters(1);
    private static readonly Term Reign = new(1);
    private readonly byte[] _bytes = new byte[1 << 20];
    private readonly (int Start, int Length, uint Crc)[] _payloads;
    private LogIndex _last;
    private volatile int _offered;
    private volatile bool _compacts;

    /// <param name="bytesMin">Payloads have so many bytes up to <paramref name="bytesMax"/>, by chance from a fixed seed.</param>
    /// <param name="kinds">How many payloads there are; they take turns.</param>
    internal BenchRecords(int bytesMin, int bytesMax, int kinds)
    {
        var random = new Random(bytesMin);
        random.NextBytes(_bytes);
        _payloads = new (int, int, uint)[kinds];
        foreach (ref var payload in _payloads.AsSpan())
        {
            var length = random.Next(bytesMin, bytesMax + 1);
            var start = random.Next(_bytes.Length - length);
            payload = (start, length, Crc32C.Of(_bytes.AsSpan(start, length)));
        }
    }

    /// <summary>What was offered is on stable media.</summary>
    internal bool IsDurable { get; private set; } = true;

    /// <summary>When that was said, by <see cref="Stopwatch"/>.</summary>
    internal long DurableAt { get; private set; }

    /// <summary>Called by the log's thread, after that.</summary>
    internal Action Told { get; init; } = () => { };

    /// <summary>The last entry that was ever put into a batch.</summary>
    internal LogIndex Last => _last;

    internal static OpeningOptions Options(string path) => new()
    {
        Path = path, Owner = new DirectoryIdentity(0xBE4C, new MemberId(1), new Incarnation(0xBE4C)), Founding = Members,
    };

    /// <summary>What the log has when it is opened: of a torn batch a beginning may be left, and nobody waits for the rest.</summary>
    internal void ContinueAfter(LogIndex last) => (_last, IsDurable) = (last, true);

    internal void Offer(int records) => (IsDurable, _offered) = (false, records);

    /// <summary>Nothing that was written so far is needed any more, as after a snapshot: its segments are used again.</summary>
    internal void OfferCompaction() => (IsDurable, _compacts) = (false, true);

    public void Fill(WalBatch batch)
    {
        if (_compacts)
        {
            batch.BeginAfter(default, new EntryId(Reign, _last), Members);
            _compacts = false;
        }

        var offered = _offered;
        for (var i = 0; i < offered; i++)
        {
            _last = _last.Next;
            var (start, length, crc) = _payloads[_last.Value % (uint)_payloads.Length];
            var entry = new EntryRef(new EntryId(Reign, _last), EntryKind.Data, (uint)length, crc, default);
            batch.Append(default, entry, _bytes.AsSpan(start, length));
        }

        if (offered > 0) _offered = 0;
    }

    public void OnDurable()
    {
        (DurableAt, IsDurable) = (Stopwatch.GetTimestamp(), true);
        Told();
    }
}
