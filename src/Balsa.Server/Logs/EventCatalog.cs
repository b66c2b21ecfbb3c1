using static Balsa.Server.Logs.LogLevel;

namespace Balsa.Server.Logs;

/// <summary>
/// Every kind of line that a node writes. The parts of a node say sentences; here each gets the name, the level and the fields by
/// which programs find it. A test holds this list against the sentences in the sources, and the page in docs against this list.
/// </summary>
public static class EventCatalog
{
    /// <summary>A line that is not in the list: its level is what it says itself.</summary>
    private const string Unnamed = "note";

    /// <summary>The first that fits a line is its kind.</summary>
    public static IReadOnlyList<LogEvent> All { get; } =
    [
        new("server.ready", Info, "ready to serve client requests on {address}"),
        new("server.stopping", Info, "stopping"),
        new("server.stopped-early", Info, "stopped before there was a cluster; nothing is lost"),
        new("server.fatal", Error, "error: the node stops: {problem}"),
        new("request.fault", Error, "error: a request could not be handled, which is a fault of this program: {problem}"),
        new("port.fault", Error, "error: the client port: {problem}"),
        new("founding.begun", Info, "founding: {name} has an empty directory and asks {peers}"),
        new("founding.waits", Info, "founding waits for {reasons}"),
        new("founding.founded", Info, "founded cluster {cluster} with {peers}"),
        new("founding.member", Info, "member {member} of cluster {cluster}: {how}"),
        new("member.replacing-wiped", Warn, "replace-wiped: {problem} Asking {urls} for another member in its place"),
        new("member.published", Info, "published name {name} and client URLs {urls} to cluster {cluster}"),
        new("membership.changed", Info, "membership {stage} at {index}: {members}"),
        new("role.leads", Info, "leads term {term}"),
        new("role.follows-nobody", Info, "follows nobody yet in term {term}"),
        new("role.follows", Info, "follows {leader} in term {term}"),
        new("role.campaigns", Info, "stands for election ({role}) in term {term}"),
        new("log.torn-end", Info, "cut an unfinished batch off the log; nobody had been told that it was stored"),
        new("log.damaged", Error, "the log is damaged: {file} at byte {offset}: {what}"),
        new("log.vote-lost", Error, "term or vote is lost: this directory never votes or counts again; replace this member"),
        new("log.entries-lost", Warn,
            "entries from {index} on are missing and are fetched from the others; until then this member does not count"),
        new("log.complete", Info, "the log is complete again"),
        new("log.grows", Warn,
            "warning: the log has grown by {mebibytes} MiB since the newest snapshot; writes stop at {limit} MiB"),
        new("snapshot.failed", Warn, "warning: no snapshot of {snapshot} was made: {problem}"),
        new("snapshot.installed", Info, "a snapshot of {snapshot} takes the place of the log"),
        new("snapshot.adopted", Info, "the state is that of snapshot {snapshot} now"),
        new("state.aside", Error,
            "error: this member serves nobody and does not lead from now on: {why}. Its log and its vote are not concerned. {next}"),
        new("state.held", Warn, "this member serves nobody for now: {why}"),
        new("state.released", Info, "this member goes on behind the entry that it held"),
        new("state.replaced", Info, "the state was replaced by the leader's: this member serves again"),
        new("state.diverged", Error, "error: members differ about the state at entry {index}, and nobody can say who is right"),
        new("skip.ordered", Warn, "a majority of the voters wishes to leave out entry {entry}: it is ordered"),
        new("skip.refused", Warn, "warning: {member} wishes to leave out entry {entry}, which this leader has applied: {next}"),
        new("skip.decided", Warn, "the cluster leaves out entry {entry} from now on: {next}"),
        new("compaction.done", Info, "compacted to revision {revision} by itself"),
        new("compaction.failed", Warn, "warning: not compacted to revision {revision} ({reason}); tried again later"),
        new("peer.isolated", Warn, "is cut off from the other members"),
        new("peer.healed", Info, "hears the other members again"),
        new("peer.refuses-us", Warn, "{peer} does not take our calls: {verdict}"),
        new("peer.refused", Warn, "refused a call that says it is {peer} of cluster {cluster}: {verdict}"),
        new("peer.too-many", Warn, "closed a call of {peer}: {limit} connections of members are open, the limit"),
        new("peer.closed", Info, "closed the connection of {peer}: {problem}"),
        new("lan.ignored", Warn, "ignores a datagram: {problem}"),
        new("controller.listens", Info, "takes a controller's datagrams on {address} as {name}"),
        new("controller.listens-in-group", Info, "listens in the group {group} by {interface}"),
        new("controller.fault", Error,
            "error: a datagram of {sender} could not be handled, which is a fault of this program: {problem}"),
        new("controller.plays-dead", Warn, "plays dead: Do Not Disturb"),
        new("controller.back", Info, "is back among the living"),
        new("directory.medium", Warn, "warning: {problem}"),
    ];

    /// <summary>What kind of line it is, and what its fields say.</summary>
    public static (string Name, LogLevel Level, IReadOnlyList<KeyValuePair<string, string>> Fields) Find(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        foreach (var known in All)
            if (known.Match(line) is { } fields) return (known.Name, known.Level, fields);
        return (Unnamed, line.StartsWith("error: ", StringComparison.Ordinal) ? Error : Info, []);
    }
}
