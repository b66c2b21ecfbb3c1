namespace Balsa.Server;

/// <summary>Addresses of members as the commands show them: the first one, without what is the same everywhere.</summary>
internal static class ClientUrls
{
    /// <summary>Such as 10.0.0.1:2379; empty when there is none.</summary>
    internal static string First(string urls)
    {
        var first = urls.Split(',')[0];
        var scheme = first.IndexOf("://", StringComparison.Ordinal);
        return scheme < 0 ? first : first[(scheme + 3)..].TrimEnd('/');
    }
}
