using System.Buffers.Binary;
using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Storage;
using Balsa.Storage.Opening;
using Balsa.Storage.Wal;
using Balsa.Storage.Wal.Writing;

namespace Balsa.Cli.Tests.Doctor;

/// <summary>A data directory of a member on the real disk, with a log of a few small segments. Gone at the end.</summary>
internal sealed class DataBed : IDisposable, IWalSource
{
    private const int Entries = 120;
    private readonly ulong[] _voters;
    private readonly ManualResetEventSlim _durable = new();
    private ulong _next;
    private ulong _last;

    public DataBed(params ulong[] voters)
    {
        _voters = voters;
        Write(Entries);
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("balsa-doctor-").FullName;

    public string Segment(int number) => System.IO.Path.Combine(Path, "wal", $"{number:x16}.wal");

    public DataDirectory Open() => DataDirectory.Open(new OpeningOptions
    {
        Path = Path, Owner = new DirectoryIdentity(0xC0FFEE, new MemberId(1), new Incarnation(0xA1)),
        Founding = Configuration.OfVoters(_voters), Wal = new WalOptions { SegmentBytes = 8 * 1024, BlockBytes = 512 },
    });

    /// <summary>Starts the member, appends behind what is there, and stops it cleanly.</summary>
    public OpenedLog Write(int entries)
    {
        using var directory = Open();
        _next = directory.Log.Last.Index.Value + 1;
        _last = directory.Log.Last.Index.Value + (ulong)entries;
        _durable.Reset();
        directory.Start(this, problem => throw problem);
        if (!_durable.Wait(TimeSpan.FromSeconds(20))) throw new TimeoutException("The entries did not become durable.");
        return directory.Log;
    }

    public void Fill(WalBatch batch)
    {
        if (_next == 1) batch.SaveHardState(default, new HardState(new Term(1), new MemberId(1)));
        for (var count = 0; count < 10 && _next <= _last; count++, _next++)
        {
            var bytes = new byte[100];
            var id = new EntryId(new Term(1), new LogIndex(_next));
            batch.Append(default, new EntryRef(id, EntryKind.Data, 100, Crc32C.Of(bytes), default), bytes);
        }
    }

    public void OnDurable()
    {
        if (_next > _last) _durable.Set();
    }

    public void Flip(int segment, int at)
    {
        var bytes = File.ReadAllBytes(Segment(segment));
        bytes[at] ^= 1;
        File.WriteAllBytes(Segment(segment), bytes);
    }

    /// <summary>As if a later build had written the segment: its head is whole.</summary>
    public void SetFormat(int segment, byte format)
    {
        var bytes = File.ReadAllBytes(Segment(segment));
        bytes[8] = format;
        bytes.AsSpan(12, 4).Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12), Crc32C.Of(bytes.AsSpan(0, 512)));
        File.WriteAllBytes(Segment(segment), bytes);
    }

    /// <summary>Name, length and content of every file.</summary>
    public string Fingerprint() => string.Join('\n', Directory.GetFiles(Path, "*", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal).Select(file => $"{file} {Crc32C.Of(File.ReadAllBytes(file)):x8}"));

    public void Dispose()
    {
        _durable.Dispose();
        Directory.Delete(Path, recursive: true);
    }
}
