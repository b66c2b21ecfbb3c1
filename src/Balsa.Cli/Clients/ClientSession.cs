using Balsa.Server.Protocol;

namespace Balsa.Cli.Clients;

/// <summary>The session of a client: the cluster keeps the answers to its requests, so that a repeated one does not run again.</summary>
internal sealed class ClientSession
{
    private ulong _id;
    private ulong _requests;

    public bool IsOpen => _id != 0;

    /// <summary>What frees its place at once; null when there is nothing to free.</summary>
    public ClientRequest? Goodbye => IsOpen ? new ClientRequest { Op = ClientOperation.CloseSession, Session = _id } : null;

    public static bool Concerns(ClientRequest request) => request.Session == 0
        && request.Op is ClientOperation.Put or ClientOperation.Delete or ClientOperation.Compact;

    /// <summary>It outlives the longest request, so that a late repetition still finds it.</summary>
    public ClientRequest Opening(TimeSpan longestRequest)
    {
        (_id, _requests) = (0, 0);
        var seconds = 30 + 2 * (long)Math.Ceiling(longestRequest.TotalSeconds);
        return new ClientRequest { Op = ClientOperation.OpenSession, SessionSeconds = seconds };
    }

    /// <summary>False when it could not be opened.</summary>
    public bool Begin(ClientResponse opened)
    {
        if (opened.Outcome == ClientOutcome.Done) _id = opened.Session;
        return IsOpen;
    }

    /// <summary>The request with its place in the session; as it was when there is none.</summary>
    public ClientRequest Number(ClientRequest request) => IsOpen ? request with { Session = _id, Request = ++_requests } : request;
}
