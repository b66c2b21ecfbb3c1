using Balsa.Simulation.Judging;
using Balsa.Simulation.Judging.Histories;

namespace Balsa.Simulation.Tests.Judging;

/// <summary>Histories as a test tells them: who did what from when to when.</summary>
internal static class Told
{
    public static Verdict Verdict(params Operation[] operations) => Judge.Decide(new History(operations), () => false).Verdict;

    public static Operation Get(long begin, long end, string? found) => Done(OperationKind.Get, begin, end) with { Found = found };

    public static Operation Put(long begin, long end, string value) => Done(OperationKind.Put, begin, end) with { Value = value };

    public static Operation Append(long begin, long end, string value) => Done(OperationKind.Append, begin, end) with { Value = value };

    public static Operation Delete(long begin, long end, bool? met = null) => Done(OperationKind.Delete, begin, end) with { Met = met };

    public static Operation Replace(long begin, long end, string value, bool met) =>
        Done(OperationKind.Replace, begin, end) with { Value = value, Met = met };

    public static Operation Swap(long begin, long end, string? expected, string value, bool met) =>
        Done(OperationKind.Swap, begin, end) with { Expected = expected, Value = value, Met = met };

    public static Operation PutIf(long begin, long end, long revision, string value, bool met) =>
        Done(OperationKind.PutIf, begin, end) with { IfRevision = revision, Value = value, Met = met };

    public static Operation At(this Operation operation, long revision) => operation with { Revision = revision };

    /// <summary>The same operation when nobody knows what became of it.</summary>
    public static Operation Unknown(this Operation operation) =>
        operation with { Outcome = Outcome.Unknown, End = Operation.Never, Found = null, Met = null, Revision = null };

    private static Operation Done(OperationKind kind, long begin, long end) =>
        new() { Client = "c", Kind = kind, Key = "k", Begin = begin, End = end, Outcome = Outcome.Done };
}
