using Balsa.Simulation.Judging.Histories;

namespace Balsa.Simulation.Tests.Judging;

public sealed class HistoryReaderTests
{
    [Fact]
    public void Json_lines_may_come_in_any_order_of_clients_and_carry_their_time()
    {
        var operations = HistoryReader.Read(
        [
            """{"event":"invoke","client":"b","operation":"get","key":"k","time":5}""",
            """{"event":"return","client":"b","outcome":"done","result":"v","time":9}""",
            "",
            """{"event":"invoke","client":"a","operation":"put","key":"k","value":"v","time":1}""",
            """{"event":"return","client":"a","outcome":"unknown","time":3}""",
            """{"event":"invoke","client":"a","operation":"replace","key":"k","value":"w","expected":null,"time":4}""",
            """{"event":"return","client":"a","outcome":"done","result":false,"time":8}""",
            """{"event":"invoke","client":"a","operation":"delete","key":"k","time":10}""",
        ]).Operations;
        Assert.Equal([OperationKind.Put, OperationKind.Swap, OperationKind.Get, OperationKind.Delete], operations.Select(one => one.Kind));
        Assert.Equal([Operation.Never, 8, 9, Operation.Never], operations.Select(one => one.End));
        Assert.Equal([Outcome.Unknown, Outcome.Done, Outcome.Done, Outcome.Unknown], operations.Select(one => one.Outcome));
        Assert.Equal("v", operations[2].Found);
        Assert.False(operations[1].Met);
    }

    [Fact]
    public void Json_lines_tell_transactions_ranges_leases_and_revisions()
    {
        var operations = HistoryReader.Read(
        [
            """{"event":"invoke","client":"a","operation":"txn","compare":[{"key":"k","target":"modified","is":"=","to":0}],"then":"""
                + """[{"operation":"put","key":"k","value":"v","lease":7},{"operation":"get","key":"k"}],"else":[]}""",
            """{"event":"return","client":"a","outcome":"done","result":true,"revision":2,"results":[null,{"value":"v","modified":2}]}""",
            """{"event":"invoke","client":"a","operation":"range","key":"a","end":"z","limit":5,"stale":true}""",
            """{"event":"return","client":"a","outcome":"done","result":[{"key":"k","value":"v","modified":2}],"revision":2}""",
            """{"event":"invoke","client":"a","operation":"put","key":"k","value":"w","if-revision":1}""",
            """{"event":"return","client":"a","outcome":"done","result":false,"revision":2,"found":"v","modified":2}""",
            """{"event":"invoke","client":"a","operation":"grant","lease":7,"ttl":500}""",
        ]).Operations;
        Assert.Equal(
            [OperationKind.Txn, OperationKind.Range, OperationKind.PutIf, OperationKind.Grant], operations.Select(one => one.Kind));
        Assert.Equal((7, "v", 2L), (operations[0].Then[0].Lease, operations[0].Then[1].Found, operations[0].Then[1].Modified!.Value));
        Assert.Equal([new Item("k", "v", 2)], operations[1].Items!);
        Assert.Equal(("z", 5, true), (operations[1].RangeEnd, operations[1].Limit, operations[1].IsStale));
        var refused = operations[2];
        Assert.Equal((1L, false, "v", 2L), (refused.IfRevision, refused.Met!.Value, refused.Found, refused.Modified!.Value));
        Assert.Equal(500, operations[3].TimeToLive);
    }

    [Fact]
    public void A_log_of_a_register_is_read_with_its_outcomes()
    {
        var operations = HistoryReader.Read(
        [
            "INFO  jepsen.util - 0\t:invoke\t:cas\t[1 2]", "INFO  jepsen.util - 1   :invoke  :read  nil",
            "INFO  jepsen.util - 0\t:fail\t:cas\t[1 2]", "INFO  jepsen.util - 1\t:fail\t:read\t:timed-out",
        ]).Operations;
        Assert.Equal(("1", "2", false), (operations[0].Expected, operations[0].Value, operations[0].Met!.Value));
        Assert.Equal(Outcome.NotDone, operations[1].Outcome);
    }

    [Theory]
    [InlineData("The history is empty.", "", " ")]
    [InlineData("Line 2 has no known format.", "", "hello")]
    [InlineData(
        "Line 2 ends an operation before it begins.", "INFO  jepsen.util - 0 :invoke :read nil", "INFO  jepsen.util - 1 :ok :read nil")]
    [InlineData("Line 2 is no event.", "INFO  jepsen.util - 0 :invoke :read nil", "INFO  jepsen.util - 0 :invoke :read nil")]
    [InlineData("Line 1 is no event.", "INFO  jepsen.util - 0 :invoke :cas 3")]
    [InlineData("Line 1 is no event.", "{:process 0, :type :invoke, :f :get, :key 1}")]
    [InlineData("Line 1 is no event.", "{\"event\":\"invoke\",\"client\":3}")]
    [InlineData("Line 1 is no event.", "{\"event\":")]
    [InlineData(
        "Line 2 is no event.", "{\"event\":\"invoke\",\"client\":\"a\",\"operation\":\"get\"}",
        "{\"event\":\"return\",\"client\":\"a\",\"outcome\":\"done\"}")]
    [InlineData("Line 1 is no event.", "{\"event\":\"invoke\",\"client\":\"a\",\"operation\":\"put\",\"key\":\"k\"}")]
    [InlineData(
        "Line 2 ends an operation before it begins.", "{\"event\":\"invoke\",\"client\":\"a\",\"operation\":\"get\",\"time\":5}",
        "{\"event\":\"return\",\"client\":\"a\",\"outcome\":\"done\",\"time\":4}")]
    [InlineData(
        "Line 1 is no event.", "{\"event\":\"invoke\",\"client\":\"a\",\"operation\":\"txn\",\"then\":[{\"operation\":\"grant\"}]}")]
    [InlineData("Line 1 is no event.", "{\"event\":\"invoke\",\"client\":\"a\",\"operation\":\"txn\",\"then\":3}")]
    [InlineData(
        "Line 2 is no event.", "{\"event\":\"invoke\",\"client\":\"a\",\"operation\":\"range\",\"end\":\"z\"}",
        "{\"event\":\"return\",\"client\":\"a\",\"outcome\":\"done\",\"result\":[{\"key\":\"k\"}]}")]
    [InlineData(
        "Line 2 is no event.", "{\"event\":\"invoke\",\"client\":\"a\",\"operation\":\"cas\",\"expected\":\"a\",\"value\":\"b\"}",
        "{\"event\":\"return\",\"client\":\"a\",\"outcome\":\"done\"}")]
    public void What_is_no_history_is_refused_with_the_line(string message, params string[] lines)
    {
        var problem = Assert.Throws<HistoryException>(() => HistoryReader.Read(lines));
        Assert.Equal(message, problem.Message);
        Assert.NotEmpty(problem.Why);
    }
}
