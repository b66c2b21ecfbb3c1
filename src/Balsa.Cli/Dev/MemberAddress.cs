using System.Net;

namespace Balsa.Cli.Dev;

/// <summary>One node of a dev cluster, and where it listens.</summary>
internal sealed record MemberAddress(string Name, ulong Id, IPEndPoint Peer, IPEndPoint Client);
