using Balsa.Node.Logs;
using Balsa.Raft.Effects;
using Balsa.Raft.Log;
using Balsa.Raft.Probes;
using Balsa.Replica.Contracts;
using Balsa.Storage.Wal;
using Balsa.Storage.Wal.Writing;

namespace Balsa.Node.Tests.Logs;

/// <summary>What waits for the log is taken in order, and every number is reported once it needs nothing more.</summary>
public sealed class LogWriterTests
{
    private readonly List<IoSeq> _durable = [];
    private readonly WalBatch _batch = new(new WalOptions());

    [Fact]
    public void What_only_takes_a_number_is_durable_without_a_batch()
    {
        var log = new LogWriter<NoProbe>(new Lane(), default, _durable.Add);
        log.Write([new LogOperation(LogOperationKind.Nothing, new IoSeq(7))]);
        log.Fill(_batch);
        Assert.True(_batch.IsEmpty);
        Assert.Equal([new IoSeq(7)], _durable);
        log.Fill(_batch);
        Assert.Single(_durable);
    }

    [Fact]
    public void Behind_a_record_it_waits_for_the_batch()
    {
        var log = new LogWriter<NoProbe>(new Lane(), default, _durable.Add);
        log.Write(
        [
            new LogOperation(LogOperationKind.SaveHardState, new IoSeq(1)) { HardState = new HardState(new Term(3), new(2)) },
            new LogOperation(LogOperationKind.Nothing, new IoSeq(2)),
        ]);
        log.Fill(_batch);
        Assert.False(_batch.IsEmpty);
        Assert.Empty(_durable);
        log.OnDurable();
        Assert.Equal([new IoSeq(2)], _durable);
    }

    /// <summary>The test is the lane.</summary>
    private sealed class Lane : ILogLane
    {
        public bool IsShortOf(long bytes) => false;

        public bool IsUnsureOf(long bytes) => false;

        public void Wake()
        {
        }
    }
}
