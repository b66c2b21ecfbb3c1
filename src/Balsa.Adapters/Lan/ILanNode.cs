namespace Balsa.Adapters.Lan;

/// <summary>
/// What the LAN dialect asks of a node. Everything happens on the thread of the desk: whoever answers from another one comes
/// back through it.
/// </summary>
public interface ILanNode
{
    /// <summary>Who leads, by its name on the LAN, as this node has verified it; null when it knows nobody.</summary>
    string? Leader { get; }

    ulong Term { get; }

    /// <summary>Asks for a put as the leader of the cluster, and for nothing when this node does not lead.</summary>
    void Put(string key, string value, Action<LanResult> answered);

    /// <summary>Looks for a key as the leader of the cluster, which a majority has confirmed.</summary>
    void Get(string key, Action<LanResult> answered);
}
