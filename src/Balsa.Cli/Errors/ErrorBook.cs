using Balsa.Cli.CommandLine;

namespace Balsa.Cli.Errors;

/// <summary>Every code that a command can print. The page docs/errors.md and `balsa explain` are made of it.</summary>
internal static class ErrorBook
{
    public static IReadOnlyList<ErrorEntry> All { get; } =
    [
        new("E0101", "no member leads", ExitCode.NoQuorum,
            "No member leads a majority right now, so nothing was done. During an election this lasts a fraction of a "
            + "second, and commands wait for it within their --timeout. When it lasts, fewer than a majority of the "
            + "members run or hear each other.",
            "balsa status", "balsa wait --leader"),
        new("E0102", "another member leads", ExitCode.NoQuorum,
            "The member that was asked cannot do this and named the leader. Commands go there by themselves; this is "
            + "seen only when the leader cannot be reached from here. Nothing was done.",
            "balsa status", "balsa leader"),
        new("E0103", "too much is under way", ExitCode.NoQuorum,
            "The member has as many requests as it may hold. Nothing was done. Repeat it a little later, with fewer at "
            + "once.",
            "balsa top"),
        new("E0104", "the member is stopping", ExitCode.NoQuorum,
            "The member was told to stop and takes no new requests. Nothing was done; another member takes it.",
            "balsa status"),
        new("E0105", "outcome unknown", ExitCode.NoQuorum,
            "A write was sent, and no answer came back in time. It may have happened, it may yet happen, or it may "
            + "never happen. Commands repeat such a write by themselves in a session, in which it runs once; they say "
            + "this only when the time limit is over as well. Look before you write again.",
            "balsa get KEY", "balsa status"),
        new("E0106", "no answer of a majority in time", ExitCode.NoQuorum,
            "The members that are needed did not answer within the time limit. Nothing was done. The limit is "
            + "--timeout.",
            "balsa status", "balsa wait --leader --timeout 30s"),
        new("E0107", "the member is set aside", ExitCode.NoQuorum,
            "The state of this member differs from the others' or could not be computed, so it serves nobody. It still "
            + "keeps the log and votes. Commands ask another member by themselves. It serves again after it has taken "
            + "the leader's state.",
            "balsa status"),
        new("E0108", "not as wanted in time", ExitCode.NoQuorum,
            "`balsa wait` gave up at its --timeout. What was missing stands in the second line.",
            "balsa status"),
        new("E0201", "no member can be reached", ExitCode.Unreachable,
            "No address took a connection. Nothing was done. Either no member runs, or they listen elsewhere: "
            + "--endpoints, BALSA_ENDPOINTS, a running dev cluster and 127.0.0.1:2379 are tried in this order, and only "
            + "the first of them that is given.",
            "balsa dev", "balsa status --endpoints IP:PORT"),
        new("E0203", "not understood", ExitCode.Usage,
            "The member could not read the request, or the request lacks something, such as a key. Nothing was done. A "
            + "client and a member of different versions can cause it, too.",
            "balsa version"),
        new("E0301", "the key exists", ExitCode.ConditionNotMet,
            "The write was to happen only if the key is not there. Nothing was written. The error shows what is there, "
            + "and how to write over exactly that.",
            "balsa get KEY"),
        new("E0302", "no such key", ExitCode.NotFound,
            "Nothing is stored under this key at the revision that was read. Nothing was done.",
            "balsa ls"),
        new("E0303", "the key was changed", ExitCode.ConditionNotMet,
            "The write was to happen only if the key was last changed at a certain revision, and somebody has changed "
            + "it since. Nothing was written. Read it again, decide again.",
            "balsa get KEY"),
        new("E0304", "the revision was compacted", ExitCode.NotFound,
            "Revisions before the last compaction cannot be read any more. The error names the oldest one that can.",
            "balsa get KEY"),
        new("E0305", "the revision is not there yet", ExitCode.NotFound,
            "The store has not come that far. The error names the newest revision.",
            "balsa get KEY", "balsa wait --revision N"),
        new("E0306", "refused by the store", ExitCode.Failed,
            "The store cannot do this as it was asked; the error says why. Nothing was done.",
            "balsa help"),
        new("E0307", "the session is unknown or expired", ExitCode.Failed,
            "The request belongs to a session that has ended, so it was not run. Commands open a new session by "
            + "themselves; other clients must do so, too, and must not repeat old requests in it without looking.",
            "balsa status"),
        new("E0308", "too many sessions", ExitCode.Failed,
            "The cluster holds as many sessions as it may. Live ones are never ended for new ones. Commands then write "
            + "without a session, and a lost answer leaves the outcome unknown.",
            "balsa status"),
        new("E0309", "done before, answer not kept", ExitCode.NoQuorum,
            "The request was repeated so late that its first answer is not kept any more. It was not run again; "
            + "whether the first time changed anything has to be looked up.",
            "balsa get KEY"),
        new("E0401", "the log is full", ExitCode.Failed,
            "The log has grown to its limit because no snapshot could be made. Writes are refused and not done, reads "
            + "work. See the messages of the leader.",
            "balsa status"),
        new("E0402", "too large", ExitCode.Failed,
            "Key and value together are larger than an entry may be (1.5 MiB by default). Nothing was written.",
            "balsa put KEY @SMALLER_FILE"),
        new("E0403", "the disk is full", ExitCode.Failed,
            "The disk of the leader has no room. Writes are refused and not done; they are taken again as soon as "
            + "there is room, without a restart.",
            "balsa status"),
        new("E0404", "the store is at its quota", ExitCode.Failed,
            "The store may not take more memory (--quota-backend-bytes). Writes are refused and not done until room was made "
            + "and the alarm was ended.",
            "balsa compact", "etcdctl alarm disarm"),
        new("E0601", "not possible", ExitCode.Failed,
            "The cluster cannot do this in the state it is in; the error gives the reason. Nothing was done.",
            "balsa status"),
        new("E0602", "there is no such member", ExitCode.Failed,
            "The cluster has no member of that name or id. Nothing was changed.",
            "balsa member ls"),
        new("E0603", "the addresses cannot be understood", ExitCode.Failed,
            "Members are reached at addresses such as http://10.0.0.4:2380. Nothing was changed.",
            "balsa member add --help"),
        new("E0604", "another member is reached there", ExitCode.Failed,
            "Two members cannot have one address. Nothing was changed.",
            "balsa member ls"),
        new("E0605", "the member is no learner", ExitCode.Failed,
            "Only a learner can be made a voter. Nothing was changed.",
            "balsa member ls"),
        new("E0606", "the learner is not level", ExitCode.Failed,
            "It has not got most of the log yet, and as a voter it would hold the others back. Nothing was changed.",
            "balsa status"),
        new("E0607", "another change is under way", ExitCode.Failed,
            "Members are changed one change at a time. Nothing was changed; ask again in a moment.",
            "balsa member ls"),
        new("E0608", "the change is not safe", ExitCode.Failed,
            "Afterwards the cluster could not take writes, or could not lose another member. The error says the quorum before "
            + "and after. Nothing was changed.",
            "balsa status"),
        new("E0801", "faults are not allowed", ExitCode.Failed,
            "The member was not started with --allow-faults, so nobody can cut it off. `balsa dev` starts its nodes "
            + "with it.",
            "balsa dev"),
    ];

    /// <summary>Null for a code that is none.</summary>
    public static ErrorEntry? Find(string code) => All.FirstOrDefault(entry => entry.Code.Equals(code, StringComparison.OrdinalIgnoreCase));
}
