using Balsa.KeyValue.Answers;

namespace Balsa.KeyValue.Sessions;

/// <summary>What is to be done with a request of a session. Valid until the table changes.</summary>
internal readonly ref struct SessionVerdict
{
    /// <summary>It was not done before: run it. Otherwise it must not be run.</summary>
    internal bool Runs { get; private init; }

    /// <summary>None when <see cref="Answer"/> is the kept answer of the first time.</summary>
    internal StoreError Error { get; private init; }

    /// <summary>Of a request that was done: at which revision.</summary>
    internal long Revision { get; private init; }

    internal ReadOnlySpan<byte> Answer { get; private init; }

    internal static SessionVerdict Run => new() { Runs = true };

    internal static SessionVerdict Unknown => new() { Error = StoreError.SessionUnknown };

    internal static SessionVerdict TooOld => new() { Error = StoreError.RequestTooOld };

    internal static SessionVerdict NotKept(long revision) => new() { Error = StoreError.AnswerNotKept, Revision = revision };

    internal static SessionVerdict Repeated(long revision, ReadOnlySpan<byte> answer) =>
        new() { Revision = revision, Answer = answer };
}
