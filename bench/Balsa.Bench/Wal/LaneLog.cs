using System.Diagnostics;
using Balsa.Storage;

namespace Balsa.Bench.Wal;

/// <summary>The log as the server uses it: the caller hands a batch over to the log's thread and sleeps until it is durable.</summary>
internal sealed class LaneLog : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly SemaphoreSlim _told = new(0);
    private readonly BenchRecords _records;
    private readonly DataDirectory _directory;
    private volatile Exception? _failure;

    internal LaneLog(string path, int bytesPerRecord)
    {
        _records = new BenchRecords(bytesPerRecord, bytesPerRecord, kinds: 1) { Told = () => _told.Release() };
        _directory = DataDirectory.Open(BenchRecords.Options(path));
        _directory.Start(_records, Fail);
    }

    /// <summary>One batch.</summary>
    /// <param name="durable">Takes the time until the log's thread says that it is durable.</param>
    /// <param name="answered">Takes the time until the caller runs again.</param>
    internal void Append(int records, RoundTimes? durable, RoundTimes? answered)
    {
        var begun = Stopwatch.GetTimestamp();
        _records.Offer(records);
        WakeAndWait();
        answered?.Add(Stopwatch.GetTimestamp() - begun, 0);
        durable?.Add(_records.DurableAt - begun, 0);
    }

    /// <summary>What was written so far is given up. Some milliseconds later the log's thread closes the log by itself.</summary>
    internal void Rest()
    {
        _records.OfferCompaction();
        WakeAndWait();
    }

    public void Dispose()
    {
        _directory.Dispose();
        _told.Dispose();
    }

    private void WakeAndWait()
    {
        _directory.Wake();
        if (!_told.Wait(Patience)) throw new IOException($"The log did not answer within {Patience.TotalSeconds} s.");
        if (_failure is { } failure) throw new IOException(failure.Message, failure);
    }

    private void Fail(Exception problem)
    {
        _failure = problem;
        _told.Release();
    }
}
