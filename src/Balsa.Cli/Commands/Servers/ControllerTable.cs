namespace Balsa.Cli.Commands.Servers;

/// <summary>What a node can be told about controllers: docs/course.md.</summary>
internal static class ControllerTable
{
    internal const string Port = "controller", Group = "controller-group", Allow = "controller-allow",
        Secret = "controller-secret-file", Reply = "controller-reply", Datagram = "controller-datagram-bytes",
        Shutdown = "shutdown-mode", ReadOnly = "controller-read-only", Ack = "controller-store-ack",
        EntryKeys = "controller-entry-keys", EntriesKey = "controller-entries-key", Term = "controller-leader-term",
        Dummy = "controller-dummy-entry";

    internal static IReadOnlyList<Setting> All { get; } =
    [
        new(Port, "ADDRESS", "Take a controller's datagrams (UDP, JSON) here. Alone: 127.0.0.1:5555.") { MayStandAlone = true },
        new(Group, "GROUP@INTERFACE", "Listen in a multicast group, too. Alone: 224.1.1.1:5555@127.0.0.1.") { MayStandAlone = true },
        new(Allow, "LIST", "Only from these addresses or networks: 10.0.0.7,192.168.0.0/16. Default: from all."),
        new(Secret, "FILE", "Only from controllers that know the secret in the first line of this file."),
        new(ReadOnly, "", "Refuse what changes who leads or ends the node."),
        new(Shutdown, "exit|pause", "What SHUTDOWN does: the process ends, or plays dead until it is resumed. Default: exit."),
        new(Reply, "source|name", "Answer where the request came from, or port 5555 of the sender's name. Default: source."),
        new(Datagram, "N", "Send no datagram larger than this to controllers. Default: 1024."),
        new(Ack, "on|off|legacy-success", "What the leader says when a STORE is committed. Default: on."),
        new(EntryKeys, "upper|lower|both", "How Term, Key and Value of an entry are spelt. Default: upper."),
        new(EntriesKey, "TEXT", "The key of an answer to RETRIEVE. Default: COMMITED_LOGS."),
        new(Term, "", "LEADER_INFO names the term instead of null."),
        new(Dummy, "", "In the group, show an entry 0 that nobody stored."),
    ];
}
