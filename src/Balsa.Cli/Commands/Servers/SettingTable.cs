namespace Balsa.Cli.Commands.Servers;

/// <summary>Everything a node can be told. Names are etcd's where the meaning is.</summary>
internal static class SettingTable
{
    internal const string Name = "name", DataDir = "data-dir", ListenPeer = "listen-peer-urls", ListenClient = "listen-client-urls",
        AdvertisePeer = "initial-advertise-peer-urls", AdvertiseClient = "advertise-client-urls", Cluster = "initial-cluster",
        State = "initial-cluster-state", Token = "initial-cluster-token", Without = "found-without", AutoReplace = "auto-replace-wiped",
        Heartbeat = "heartbeat-interval", Election = "election-timeout", SnapshotCount = "snapshot-count", Segment = "wal-segment-bytes",
        Strict = "strict-reconfig-check", PreVote = "pre-vote", Quota = "quota-backend-bytes", CompactionMode = "auto-compaction-mode",
        CompactionRetention = "auto-compaction-retention", LeaseReads = "lease-reads", LogLevel = "log-level", LogFormat = "log-format",
        LogOutputs = "log-outputs", ConfigFile = "config-file";

    internal static IReadOnlyList<Setting> All { get; } =
    [
        new(Name, "NAME", "What this node is called; in --initial-cluster, too. Default: \"default\"."),
        new(DataDir, "DIR", "Where the node keeps its data; made if missing. Default: NAME.balsa."),
        new(ListenPeer, "URL", "Where other nodes call. Default: http://127.0.0.1:2380."),
        new(ListenClient, "URL", "Where clients call. Default: http://127.0.0.1:2379."),
        new(AdvertisePeer, "URLS", "Under which addresses others reach this node. Default: --listen-peer-urls."),
        new(AdvertiseClient, "URLS", "Under which addresses clients reach this node. Default: --listen-client-urls."),
        new(Cluster, "LIST",
            "Every node of the cluster, the same list everywhere: n1=http://10.0.0.1:2380,n2=... Default: this node alone."),
        new(State, "new|existing", "With existing, an empty node never founds a cluster, it only joins one. Default: new."),
        new(Token, "TEXT", "Tells two clusters on the same machines apart while they are founded. Default: etcd-cluster."),
        new(Without, "NAMES", "Found the cluster without these nodes, which are gone for longer. They join when they come."),
        new(AutoReplace, "", "When this node's data are gone, let the cluster put a new member in its place."),
        new(Heartbeat, "TIME", "How often a leader shows that it is alive; a bare number is milliseconds. Default: 50ms."),
        new(Election, "TIME", "Without a leader for this long, up to twice, a node stands for election. Default: 300ms."),
        new(SnapshotCount, "N", "Make a snapshot after so many entries, whatever it costs. By default the growth of the log decides."),
        new(Quota, "N", "How many bytes the store may take in memory; below 0 without bound. Default: 2 GiB."),
        new(CompactionMode, "periodic|revision", "What --auto-compaction-retention counts: time, or revisions. Default: periodic."),
        new(CompactionRetention, "TIME|N",
            "How much history the store keeps: 1h, 30m, a bare number of hours, or so many revisions. 0, the default: all."),
        new(LeaseReads, "", "Let clients have reads that the leader answers from its lease. Without it, that stays as the cluster has it."),
        new(LogLevel, "debug|info|warn|error", "What is told at least. Default: info."),
        new(LogFormat, "console|json", "A line for people, or an object. Default: console."),
        new(LogOutputs, "LIST", "Where to: stderr, stdout, or files. Default: stderr."),
        new(Segment, "N", "Size of one file of the log; room for it is taken before it is needed."),
        new(Strict, "true", "Always on: changes of membership that endanger the quorum are refused."),
        new(PreVote, "true", "Always on: a node asks whether it could win before it disturbs a leader."),
        .. ControllerTable.All,
        new(ConfigFile, "FILE", "Settings as lines of \"name: value\"; flags and the environment win over them."),
    ];

    /// <summary>Flags of etcd that mean nothing here, with what to do instead.</summary>
    internal static IReadOnlyDictionary<string, string> Refused { get; } = Build();

    private static Dictionary<string, string> Build()
    {
        var refused = new Dictionary<string, string>(StringComparer.Ordinal);
        Add("TLS is not served yet, and data must not travel in the open by mistake. Use plain http on a network that you trust.",
            "cert-file key-file client-cert-auth client-crl-file client-cert-allowed-hostname trusted-ca-file auto-tls peer-cert-file "
            + "peer-key-file peer-client-cert-auth peer-trusted-ca-file peer-cert-allowed-cn peer-cert-allowed-hostname peer-auto-tls "
            + "peer-crl-file cipher-suites tls-min-version tls-max-version");
        Add("There is no discovery service. Give every node the same --initial-cluster, in any order of start.",
            "discovery discovery-srv discovery-srv-name discovery-proxy discovery-fallback discovery-endpoints discovery-token");
        Add("A cluster that lost its majority cannot be made up from one member. Restore what is lost, or found a new one.",
            "force-new-cluster");
        Add("What is acknowledged is on disk, always. Leave it out.", "unsafe-no-fsync");
        Add("The store has no backend file that batches. Leave it out.", "backend-batch-interval backend-batch-limit "
            + "backend-bbolt-freelist-type experimental-backend-bbolt-freelist-type");
        Add("Only version 3 of the API is served. Leave it out.", "enable-v2 experimental-enable-v2v3 proxy");
        Add("The log lies in the data directory. Mount another disk at DATA_DIR/wal instead.", "wal-dir");
        Add("Users and roles are not served yet. Leave it out.", "auth-token bcrypt-cost auth-token-ttl");
        Add("Pages and metrics are served on the client port. Leave it out.", "listen-metrics-urls metrics enable-pprof");
        return refused;

        void Add(string instead, string names)
        {
            foreach (var name in names.Split(' ')) refused.Add(name, instead);
        }
    }
}
