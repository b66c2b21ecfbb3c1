using System.Runtime.ExceptionServices;
using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Store;
using Balsa.KeyValue.Wire;

namespace Balsa.KeyValue.Tests.Store;

/// <summary>
/// Transactions inside transactions, as deep as a request of 1.5 MiB can be. A stack that is too short ends the process, so
/// these run on a short one: whoever removes the bound sees it at once.
/// </summary>
public sealed class DeepTransactionTests
{
    private const int RequestBytes = 3 << 19, ShortStack = 512 << 10;

    [Theory]
    [InlineData(0, 128, StoreError.Malformed)]
    [InlineData(1, 128, StoreError.TooManyOperations)]
    [InlineData(1, int.MaxValue, StoreError.TooManyOperations)]
    [InlineData(2, int.MaxValue, StoreError.TooManyOperations)]
    public void The_deepest_nesting_is_refused(byte count, int operationsMax, StoreError expected)
    {
        var levels = LevelsIn(RequestBytes);
        Assert.True(levels > 80_000);
        foreach (var isFailure in new[] { false, true })
            OnShortStack(() => Assert.Equal(expected, Apply(Nested(levels, count, isFailure), operationsMax).Error));
    }

    /// <summary>The innermost one has no operation, so 128 lists of one are one level less than it takes to run out of them.</summary>
    [Fact]
    public void The_deepest_nesting_that_is_allowed_runs()
    {
        OnShortStack(() =>
        {
            var answer = Apply(Nested(128, 1, isFailure: false), 128);
            var depth = 1;
            for (; answer.Responses.Count > 0; answer = answer.Responses[0]) depth++;
            Assert.Equal(128, depth);
            Assert.Equal(StoreError.TooManyOperations, Apply(Nested(129, 1, isFailure: false), 128).Error);
            Assert.Equal(StoreError.TooManyOperations, Apply(Nested(129, 1, isFailure: false), int.MaxValue).Error);
        });
    }

    private static Answer Apply(byte[] body, int operationsMax) =>
        new TwoStores(new StoreOptions { TxnOperationsMax = operationsMax }).Apply(CommandKind.Txn, body)!;

    /// <summary>From the outside in: what stands before the inner transaction; behind it there are only zeros.</summary>
    private static byte[] Nested(int levels, byte count, bool isFailure)
    {
        var sizes = Sizes(levels);
        var into = new ByteWriter();
        for (var level = levels - 1; level > 0; level--)
        {
            var operation = 1 + Varints.Length((ulong)sizes[level - 1]) + sizes[level - 1];
            into.Raw(isFailure ? [0, 0, 0, 0] : [0, 0]);
            into.Varint((ulong)count);
            into.Varint((ulong)operation);
            into.Byte((byte)OperationKind.Txn);
            into.Varint((ulong)sizes[level - 1]);
        }

        // The innermost one is empty: six zeros. Behind the others an empty list, unless the full one is the last.
        into.Take(6 + (isFailure ? 0 : 2 * (levels - 1))).Clear();
        Assert.Equal(sizes[levels - 1], into.Length);
        return into.Written.ToArray();
    }

    private static int[] Sizes(int levels)
    {
        var sizes = new int[levels];
        sizes[0] = 6;
        for (var level = 1; level < levels; level++) sizes[level] = Around(sizes[level - 1]);
        return sizes;
    }

    private static int Around(int inner)
    {
        var operation = 1 + Varints.Length((ulong)inner) + inner;
        return 4 + 1 + Varints.Length((ulong)operation) + operation;
    }

    private static int LevelsIn(int bytes)
    {
        var levels = 1;
        for (var size = 6; Around(size) <= bytes; size = Around(size)) levels++;
        return levels;
    }

    private static void OnShortStack(Action action)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                action();
            }
            catch (Exception problem)
            {
                failure = ExceptionDispatchInfo.Capture(problem);
            }
        }, ShortStack);
        thread.Start();
        thread.Join();
        failure?.Throw();
    }
}
