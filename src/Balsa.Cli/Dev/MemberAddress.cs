using System.Net;

namespace Balsa.Cli.Dev;

/// <summary>One node of a dev cluster, and where it listens.</summary>
internal sealed record MemberAddress(string Name, ulong Id, IPEndPoint Peer, IPEndPoint Client)
{
    /// <summary>A program and its arguments that start this node, such as one that puts it into a network of its own.</summary>
    public IReadOnlyList<string> Launcher { get; init; } = [];
}
