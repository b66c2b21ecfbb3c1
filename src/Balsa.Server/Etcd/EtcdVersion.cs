namespace Balsa.Server.Etcd;

/// <summary>
/// Which etcd this node can stand in for. Clients take numbers out of it and decide by them what they may ask, so it names a
/// release of etcd and nothing else.
/// </summary>
internal static class EtcdVersion
{
    internal const string Server = "3.5.21";

    /// <summary>What all members of the cluster understand.</summary>
    internal const string Cluster = "3.5.0";

    internal const string Storage = "3.5.0";
}
