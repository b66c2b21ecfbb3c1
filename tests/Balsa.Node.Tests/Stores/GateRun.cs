using System.Collections.Concurrent;
using Balsa.KeyValue.Store;
using Balsa.Node.Stores;

namespace Balsa.Node.Tests.Stores;

/// <summary>One writer and some readers on threads of their own, until time is up or somebody sees what cannot be.</summary>
internal sealed class GateRun
{
    private static readonly TimeSpan Stuck = TimeSpan.FromSeconds(20);
    private readonly ViewGate _gate = new();
    private readonly ConcurrentQueue<Exception> _violations = new();
    private readonly GateWriter _writer;
    private readonly GateReader[] _readers;

    internal GateRun(int readers, int seed, Func<ViewGate, ReaderFloor> floor)
    {
        _writer = new GateWriter(_gate, seed, () => floor(_gate));
        _readers = [.. Enumerable.Range(1, readers).Select(i => new GateReader(_gate, seed + i, _writer.Founded))];
    }

    internal GateWriter Writer => _writer;

    internal IReadOnlyList<GateReader> Readers => _readers;

    /// <summary>What was seen that cannot be; nothing when all is well.</summary>
    internal IReadOnlyCollection<Exception> Run(TimeSpan duration)
    {
        var started = TimeProvider.System.GetTimestamp();
        bool IsOver() => !_violations.IsEmpty || TimeProvider.System.GetElapsedTime(started) > duration;
        var threads = new List<Thread> { Start(_writer.Batch, IsOver) };
        foreach (var reader in _readers) threads.Add(Start(reader.ReadOneView, IsOver));
        foreach (var thread in threads)
        {
            // A reader that goes round in circles in memory that was used again has seen something, too.
            if (!thread.Join(duration + Stuck)) _violations.Enqueue(new TimeoutException("a thread does not come back"));
        }

        return _violations;
    }

    private Thread Start(Action once, Func<bool> isOver)
    {
        var thread = new Thread(() =>
        {
            try
            {
                while (!isOver()) once();
            }
            catch (Exception seen)
            {
                _violations.Enqueue(seen);
            }
        })
        {
            IsBackground = true,
        };
        thread.Start();
        return thread;
    }
}
