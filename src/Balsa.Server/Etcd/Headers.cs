using Balsa.Protocol.Etcd;
using Balsa.Server.Access;

namespace Balsa.Server.Etcd;

/// <summary>What every answer begins with: who answers, and of which state.</summary>
internal sealed class Headers(NodeParts parts)
{
    internal ResponseHeader At(long revision) => new()
    {
        ClusterId = parts.Cluster, MemberId = parts.Member.Value, Revision = revision, RaftTerm = parts.Term().Value,
    };

    /// <summary>Answers about the cluster name no revision, as in etcd.</summary>
    internal ResponseHeader OfCluster => At(0);
}
