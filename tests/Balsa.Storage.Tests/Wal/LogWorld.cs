using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Storage.Opening;
using Balsa.Storage.Probes;
using Balsa.Storage.Steps;
using Balsa.Storage.Wal;
using Balsa.Storage.Wal.Reading;
using Balsa.Storage.Wal.Writing;

namespace Balsa.Storage.Tests.Wal;

/// <summary>One member's log on a disk in memory, driven step by step by the test.</summary>
internal sealed class LogWorld : IWalSource
{
    public const string Path = "/data";
    public static readonly DirectoryIdentity Owner = new(0xC0FFEE, new MemberId(1), new Incarnation(0xA1));
    public static readonly WalOptions Small = new() { SegmentBytes = 8 * 1024, BlockBytes = 512, BatchBytesMax = 4096 };

    private readonly Queue<Action<WalBatch>> _waiting = new();
    private IEnumerator<IoStep>? _writing;
    private IEnumerator<IoStep>? _keeping;

    public PlainDisk Disk { get; set; } = new();

    public WalOptions Options { get; init; } = Small;

    public Configuration Founding { get; init; } = Configuration.OfVoters(1, 2, 3);

    public OpenDirectory<NoStorageProbe> Directory { get; private set; } = null!;

    public OpenedLog Log => Directory.Log;

    public int Durable { get; private set; }

    public LogWorld Open(bool acceptLoss = false)
    {
        var opener = new DirectoryOpener<NoStorageProbe>(new OpeningOptions
        {
            Path = Path, Owner = Owner, Founding = Founding, Wal = Options, AcceptLoss = acceptLoss,
        });
        Run(opener.Run());
        Directory = opener.Opened!;
        _writing = Directory.Writer.Run(this).GetEnumerator();
        _keeping = Directory.Spares.Run().GetEnumerator();
        return this;
    }

    /// <summary>The process dies, and another one opens the directory.</summary>
    public LogWorld Reopen(bool acceptLoss = false)
    {
        Disk.Kill();
        return Open(acceptLoss);
    }

    public LogWorld Stop()
    {
        Directory.Writer.Stop();
        while (_writing!.MoveNext()) Disk.Execute(_writing.Current);
        return this;
    }

    /// <summary>Nothing comes for long enough that the log is closed.</summary>
    public LogWorld FallIdle()
    {
        Drive(timesOut: true);
        return this;
    }

    public LogWorld Write(params Action<WalBatch>[] records)
    {
        foreach (var record in records) _waiting.Enqueue(record);
        Drive(timesOut: false);
        return this;
    }

    public LogWorld Append(ulong first, ulong last, ulong term = 1, int bytes = 20) =>
        Write([.. Indices(first, last).Select(index => Entry(index, term, bytes))]);

    public static Action<WalBatch> Entry(ulong index, ulong term, int bytes = 20, EntryKind kind = EntryKind.Data)
    {
        var payload = PayloadOf(index, term, bytes);
        return Raw(index, term, payload, kind);
    }

    public static Action<WalBatch> Raw(ulong index, ulong term, byte[] payload, EntryKind kind) => batch => batch.Append(
        default, new EntryRef(IdOf(index, term), kind, (uint)payload.Length, Crc32C.Of(payload), default), payload);

    public static Action<WalBatch> Vote(ulong term, ulong vote) =>
        batch => batch.SaveHardState(default, new HardState(new Term(term), new MemberId(vote)));

    public static Action<WalBatch> Truncate(ulong from) => batch => batch.TruncateFrom(default, new LogIndex(from));

    public static Action<WalBatch> BeginAfter(ulong index, ulong term) =>
        batch => batch.BeginAfter(default, IdOf(index, term), Configuration.OfVoters(1, 2, 3));

    public static EntryId IdOf(ulong index, ulong term) => new(new Term(term), new LogIndex(index));

    public static byte[] PayloadOf(ulong index, ulong term, int bytes)
    {
        var payload = new byte[bytes];
        for (var i = 0; i < bytes; i++) payload[i] = (byte)(index * 31 + term * 7 + (ulong)i);
        return payload;
    }

    /// <summary>Every entry of the log, read back.</summary>
    public string Entries()
    {
        var entries = Read(Directory.Base.Index.Value + 1, ulong.MaxValue);
        return string.Join(' ', entries.Select(entry => entry.Ref.Id));
    }

    public List<LogEntry> Read(ulong first, ulong last)
    {
        var reader = Directory.NewReader();
        var top = Math.Min(last, Directory.Last.Index.Value);
        var read = new List<LogEntry>();
        for (var next = first; next <= top; next = first + (ulong)read.Count)
        {
            Run(reader.Read(new LogIndex(next), new LogIndex(top), 1000));
            if (reader.IsGone) throw new InvalidOperationException($"entry {next} is gone");
            read.AddRange(reader.Entries);
        }

        return read;
    }

    public void Fill(WalBatch batch)
    {
        while (_waiting.Count > 0 && !batch.IsFull) _waiting.Dequeue()(batch);
    }

    public void OnDurable() => Durable++;

    public void Run(IEnumerable<IoStep> steps)
    {
        foreach (var step in steps) Disk.Execute(step);
    }

    private static IEnumerable<ulong> Indices(ulong first, ulong last)
    {
        for (var index = first; index <= last; index++) yield return index;
    }

    /// <summary>Runs writer and keeper until both wait.</summary>
    private void Drive(bool timesOut)
    {
        // Ending a wait may be what the other one waits for.
        for (var quiet = 0; quiet < 4;)
        {
            quiet = StepOf(_writing!, ref timesOut) ? 0 : quiet + 1;
            var never = false;
            quiet = StepOf(_keeping!, ref never) ? 0 : quiet + 1;
        }
    }

    private bool StepOf(IEnumerator<IoStep> lane, ref bool timesOut)
    {
        if (!lane.MoveNext()) throw new InvalidOperationException("the lane ended");
        if (lane.Current.Kind != StepKind.Wait)
        {
            Disk.Execute(lane.Current);
            return true;
        }

        if (!timesOut || lane.Current.WaitTicks == Timeout.Infinite) return false;
        lane.Current.TimedOut = true;
        timesOut = false;
        return true;
    }
}
