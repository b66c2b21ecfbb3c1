using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Storage.Opening;
using Balsa.Storage.Wal;
using Balsa.Storage.Wal.Writing;

namespace Balsa.Storage.Tests;

/// <summary>A directory of one test on the real disk, with what the test writes into it. Gone at the end.</summary>
internal sealed class Scratch : IDisposable, IWalSource
{
    public static readonly DirectoryIdentity Owner = new(0xC0FFEE, new MemberId(1), new Incarnation(0xA1));

    private readonly Lock _gate = new();
    private readonly Queue<(EntryId Id, byte[] Payload)> _waiting = new();
    private TaskCompletionSource _durable = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Path { get; } = Directory.CreateTempSubdirectory("balsa-storage-").FullName;

    public string FirstSegment => System.IO.Path.Combine(Path, "wal", "0000000000000001.wal");

    public WalOptions Wal { get; init; } = new() { SegmentBytes = 256 * 1024 };

    public TaskCompletionSource<Exception> Failed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public DataDirectory Open(DirectoryIdentity? owner = null) => DataDirectory.Open(new OpeningOptions
    {
        Path = Path, Owner = owner ?? Owner, Founding = Configuration.OfVoters(1, 2, 3), Wal = Wal,
    });

    public DataDirectory Start()
    {
        var directory = Open();
        directory.Start(this, problem => Failed.TrySetResult(problem));
        return directory;
    }

    /// <summary>Done when the entry is on stable media.</summary>
    public Task AppendAsync(DataDirectory directory, ulong index, byte[] payload)
    {
        Task durable;
        lock (_gate)
        {
            _waiting.Enqueue((new EntryId(new Term(1), new LogIndex(index)), payload));
            durable = _durable.Task;
        }

        directory.Wake();
        return durable;
    }

    public void Fill(WalBatch batch)
    {
        lock (_gate)
        {
            while (_waiting.TryDequeue(out var next))
            {
                var length = (uint)next.Payload.Length;
                batch.Append(default, new EntryRef(next.Id, EntryKind.Data, length, Crc32C.Of(next.Payload), default), next.Payload);
            }
        }
    }

    public void OnDurable()
    {
        TaskCompletionSource done;
        lock (_gate)
        {
            // An entry that came in meanwhile waits for the next batch, and its task is told early only if nothing waits.
            if (_waiting.Count > 0) return;
            (done, _durable) = (_durable, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        done.SetResult();
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
