using Balsa.Raft.Effects;
using Balsa.Replica.Contracts;

namespace Balsa.Replica.Hosting;

/// <summary>
/// The one thread that waits for the disk. It takes everything that has gathered, writes it, syncs once and reports the
/// last number: under load the batches grow by themselves. What waits is bounded by what the core lets be under way.
/// </summary>
public sealed class WalThread : ILogWriter, IDisposable
{
    private readonly object _gate = new();
    private readonly ILogStore _store;
    private readonly Action<IoSeq> _durable;
    private readonly Action<Exception> _failed;
    private readonly Thread _thread;
    private List<LogOperation> _waiting = [];
    private List<LogOperation> _writing = [];
    private bool _stopping;

    /// <param name="durable">Called by this thread: everything up to the number is on stable media.</param>
    /// <param name="failed">Called by this thread, once: the disk failed, nothing more will be written.</param>
    public WalThread(ILogStore store, Action<IoSeq> durable, Action<Exception> failed)
    {
        (_store, _durable, _failed) = (store, durable, failed);
        _thread = new Thread(Run) { IsBackground = true, Name = "wal" };
        _thread.Start();
    }

    public void Write(IReadOnlyList<LogOperation> operations)
    {
        lock (_gate)
        {
            _waiting.AddRange(operations);
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Writes what has gathered, then ends.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.Pulse(_gate);
        }

        _thread.Join();
    }

    private void Run()
    {
        try
        {
            while (TryTake())
            {
                foreach (var operation in _writing) Write(operation);
                _store.Sync();
                _durable(_writing[^1].Io);
                _writing.Clear();
            }
        }
        catch (Exception problem)
        {
            // Whatever it is: from here on nobody knows what the disk holds, and to go on could be a lie.
            _failed(problem);
        }
    }

    private bool TryTake()
    {
        lock (_gate)
        {
            while (_waiting.Count == 0)
            {
                if (_stopping) return false;
                Monitor.Wait(_gate);
            }

            (_waiting, _writing) = (_writing, _waiting);
            return true;
        }
    }

    private void Write(in LogOperation operation)
    {
        switch (operation.Kind)
        {
            case LogOperationKind.SaveHardState: _store.SaveHardState(operation.HardState); break;
            case LogOperationKind.Truncate: _store.TruncateFrom(operation.From); break;
            default:
                foreach (ref readonly var entry in operation.Entries.AsSpan()) _store.Append(entry);
                break;
        }
    }
}
