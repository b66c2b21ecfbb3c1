using Balsa.Grpc.Server;
using Balsa.Raft;
using Balsa.Raft.Membership;
using Balsa.Replica;
using Balsa.Server.Access;
using Balsa.Server.Etcd;
using Balsa.Server.Ports;
using Microsoft.AspNetCore.Http;

namespace Balsa.Server.Http;

/// <summary>Figures of this node: under etcd's names where etcd has them, so that its dashboards and alerts work.</summary>
internal sealed class MetricsPage(ReplicaAccess replica, ServiceTable services, PortCounters port, HealthPages health)
{
    internal async Task AnswerAsync(HttpContext http)
    {
        var text = new MetricsText();
        AddVersions(text);
        AddReplica(text, await replica.StatusAsync(http.RequestAborted));
        AddStore(text);
        var (good, bad) = health.Counted;
        text.Counter("etcd_server_health_success", "Answers of /health that were good.", good);
        text.Counter("etcd_server_health_failures", "Answers of /health that were not good.", bad);
        CallMetrics.Add(text, services);
        AddPort(text);
        ProcessMetrics.Add(text);
        await HttpPages.WriteAsync(http, 200, MetricsText.ContentType, text.ToString());
    }

    private void AddVersions(MetricsText text)
    {
        const string Server = "etcd_server_version", Cluster = "etcd_cluster_version", Id = "etcd_server_id";
        text.Gauge(Server, "The release of etcd that this node stands in for.")
            .Value(Server, $"server_version=\"{EtcdVersion.Server}\"", 1);
        text.Gauge(Cluster, "What all members understand.")
            .Value(Cluster, $"cluster_version=\"{EtcdVersion.Cluster[..EtcdVersion.Cluster.LastIndexOf('.')]}\"", 1);
        text.Gauge(Id, "This member.").Value(Id, $"server_id=\"{replica.Parts.Member.Value:x}\"", 1);
    }

    private void AddReplica(MetricsText text, ReplicaStatus status)
    {
        var role = status.Configuration.Find(replica.Parts.Member)?.Role;
        text.Gauge("etcd_server_has_leader", "Whether a leader is known.", status.Leader.IsNone ? 0 : 1);
        text.Gauge("etcd_server_is_leader", "Whether this member leads.", status.Role == Role.Leader ? 1 : 0);
        text.Gauge("etcd_server_is_learner", "Whether this member has no vote.",
            role is MemberRole.Learner or MemberRole.PromotingLearner ? 1 : 0);
        text.Gauge("etcd_server_proposals_committed_total", "The newest entry known to be committed.", status.Commit.Value);
        text.Gauge("etcd_server_proposals_applied_total", "The newest entry applied.", status.Applied.Value);
        text.Gauge("etcd_server_proposals_pending", "Entries at the end of the log that are not committed yet.",
            status.Last.Index.Value - Math.Min(status.Commit.Value, status.Last.Index.Value));
        text.Gauge("balsa_raft_term", "The newest term known.", status.HardState.Term.Value);
        text.Gauge("balsa_raft_durable_index", "The newest entry on this member's disk.", status.Durable.Value);
        text.Gauge("balsa_log_bytes", "Entries of the log in memory.", status.LogBytes);
    }

    private void AddStore(MetricsText text)
    {
        var sizes = replica.Parts.Sizes();
        long revision, compacted, keys;
        using (var reader = replica.Enter()) (revision, compacted, keys) = (reader.View.Revision, reader.View.Compacted, reader.View.Keys);
        text.Gauge("etcd_debugging_mvcc_current_revision", "The newest revision.", revision);
        text.Gauge("etcd_debugging_mvcc_compact_revision", "Older revisions are forgotten; -1: none is.", compacted);
        text.Gauge("etcd_debugging_mvcc_keys_total", "Keys that are there now.", keys);
        text.Gauge("etcd_mvcc_db_total_size_in_bytes", "Memory of the store, used or not.", sizes.Allocated);
        text.Gauge("etcd_mvcc_db_total_size_in_use_in_bytes", "Memory of the store that holds something.", sizes.Used);
        text.Gauge("balsa_store_retained_bytes", "Memory that only older views still need.", sizes.Retained);
    }

    private void AddPort(MetricsText text)
    {
        const string Open = "balsa_client_connections", Refused = "balsa_client_connections_refused_total";
        text.Counter("balsa_client_connections_accepted_total", "Connections that came to the client port.", port.Accepted);
        text.Gauge(Open, "Connections open now.");
        foreach (var protocol in (PortProtocol[])[PortProtocol.Http2, PortProtocol.Http1, PortProtocol.Frames])
            text.Value(Open, $"protocol=\"{NameOf(protocol)}\"", port.Open(protocol));
        text.Counter(Refused, "Connections closed because of what came over them, or because there were too many.");
        foreach (var reason in Enum.GetValues<PortRefusal>())
            text.Value(Refused, $"reason=\"{NameOf(reason)}\"", port.Refused(reason));
    }

    private static string NameOf(PortProtocol protocol) => protocol switch
    {
        PortProtocol.Http2 => "http2",
        PortProtocol.Http1 => "http1",
        _ => "frames",
    };

    private static string NameOf(PortRefusal reason) => reason switch
    {
        PortRefusal.Full => "full",
        PortRefusal.Silent => "silent",
        PortRefusal.Tls => "tls",
        PortRefusal.RulesBroken => "malformed",
        _ => "garbage",
    };
}
