namespace Balsa.Node.Founding;

/// <summary>The directory is empty, and the member has had one. Only a change of the cluster gives it another.</summary>
/// <param name="clientUrls">Where a member of the cluster takes clients.</param>
public sealed class WipedDirectoryException(NodeStartException refusal, string clientUrls)
    : NodeStartException(refusal?.What ?? "", refusal?.Why ?? "", refusal?.Next ?? "", refusal)
{
    public string ClientUrls { get; } = clientUrls;
}
