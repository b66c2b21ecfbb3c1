namespace Balsa.Adapters.Raftkv.FrontEnds;

/// <summary>Servers that cannot be started or changed as asked.</summary>
/// <param name="server">Which one.</param>
/// <param name="message">What clients are told.</param>
/// <param name="why">For the operator.</param>
internal sealed class FleetException(int server, string message, string why) : Exception(message)
{
    internal int Server { get; } = server;

    internal string Why { get; } = why;

    internal static FleetException NotStarted(int server, string why) => new(server, $"Server {server} failed to start", why);
}
