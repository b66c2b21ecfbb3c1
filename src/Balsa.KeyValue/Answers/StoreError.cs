namespace Balsa.KeyValue.Answers;

/// <summary>
/// Why a command or query was refused. The values are in answers that are kept and compared: never renumber. Text and code
/// for clients: <see cref="StoreErrors"/>.
/// </summary>
public enum StoreError : byte
{
    None = 0,
    KeyNotProvided = 1,
    KeyNotFound = 2,
    ValueProvided = 3,
    LeaseProvided = 4,
    TooManyOperations = 5,
    DuplicateKey = 6,
    Compacted = 7,
    FutureRevision = 8,
    NoSpace = 9,
    LeaseNotFound = 10,
    LeaseExists = 11,
    LeaseTooLong = 12,
    Corrupt = 13,
    RequestTooLarge = 14,
    InvalidSort = 15,

    /// <summary>The bytes of the command are no command.</summary>
    Malformed = 32,

    /// <summary>There is no such session: never opened, closed or expired. The request was not run.</summary>
    SessionUnknown = 33,

    /// <summary>There is no room for one more session.</summary>
    SessionLimit = 34,

    /// <summary>The request is so old that its answer is not known any more. It was not run again.</summary>
    RequestTooOld = 35,

    /// <summary>The request was done at the revision given; its answer was too large to be kept.</summary>
    AnswerNotKept = 36,

    /// <summary>The entry's term is not that of the leader that decided it, so it does nothing.</summary>
    OtherTerm = 37,

    /// <summary>The answer would be larger than any caller could want; ask for less at once.</summary>
    AnswerTooLarge = 38,
}

/// <summary>What clients are told: etcd's texts and gRPC codes where etcd has them.</summary>
public static class StoreErrors
{
    private const string Prefix = "etcdserver: ";
    private const int InvalidArgument = 3, NotFound = 5, ResourceExhausted = 8, FailedPrecondition = 9, Aborted = 10, OutOfRange = 11,
        DataLoss = 15;

    /// <summary>Message and gRPC status code.</summary>
    public static (string Message, int Code) Explain(StoreError error) => error switch
    {
        StoreError.None => ("", 0),
        StoreError.KeyNotProvided => (Prefix + "key is not provided", InvalidArgument),
        StoreError.KeyNotFound => (Prefix + "key not found", InvalidArgument),
        StoreError.ValueProvided => (Prefix + "value is provided", InvalidArgument),
        StoreError.LeaseProvided => (Prefix + "lease is provided", InvalidArgument),
        StoreError.TooManyOperations => (Prefix + "too many operations in txn request", InvalidArgument),
        StoreError.DuplicateKey => (Prefix + "duplicate key given in txn request", InvalidArgument),
        StoreError.Compacted => (Prefix + "mvcc: required revision has been compacted", OutOfRange),
        StoreError.FutureRevision => (Prefix + "mvcc: required revision is a future revision", OutOfRange),
        StoreError.NoSpace => (Prefix + "mvcc: database space exceeded", ResourceExhausted),
        StoreError.LeaseNotFound => (Prefix + "requested lease not found", NotFound),
        StoreError.LeaseExists => (Prefix + "lease already exists", FailedPrecondition),
        StoreError.LeaseTooLong => (Prefix + "too large lease TTL", OutOfRange),
        StoreError.Corrupt => (Prefix + "corrupt cluster", DataLoss),
        StoreError.RequestTooLarge => (Prefix + "request is too large", InvalidArgument),
        StoreError.InvalidSort => (Prefix + "invalid sort option", InvalidArgument),
        StoreError.Malformed => ("balsa: the command cannot be read", InvalidArgument),
        StoreError.SessionUnknown => ("balsa: the session is unknown or expired; the request was not run", FailedPrecondition),
        StoreError.SessionLimit => ("balsa: too many sessions are open", ResourceExhausted),
        StoreError.RequestTooOld => ("balsa: the request is too old for its answer to be known; it was not run again", OutOfRange),
        StoreError.AnswerNotKept => ("balsa: the request was done, and its answer was too large to be kept", OutOfRange),
        StoreError.AnswerTooLarge => ("balsa: the answer is too large; ask for fewer keys at once", ResourceExhausted),
        StoreError.OtherTerm => ("balsa: the leader that decided this leads no more", Aborted),
        _ => ($"balsa: error {(int)error}", InvalidArgument),
    };
}
