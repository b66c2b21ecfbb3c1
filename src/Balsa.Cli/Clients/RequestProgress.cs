using Balsa.Server.Protocol;

namespace Balsa.Cli.Clients;

/// <summary>What is known of one request after each attempt at it: whether it is over, and what may be said of it if not.</summary>
internal sealed class RequestProgress(ClientRequest request)
{
    private ClientResponse? _last;
    private bool _mayHaveHappened;

    /// <summary>It changes nothing, or runs once however often it is sent.</summary>
    public bool MayRepeat { get; } = request.Session != 0 || ChangesNothing(request.Op);

    /// <summary>Null while nobody has answered.</summary>
    public ClientResponse? Result => _last is { Outcome: ClientOutcome.NotDone } last && _mayHaveHappened && !IsAnswerOfStore(last)
        ? InDoubt(last.Message ?? "no answer came") with { Leader = last.Leader }
        : _last;

    public static bool ChangesNothing(string op) =>
        // A session that nobody uses ends by itself.
        op is ClientOperation.Get or ClientOperation.List or ClientOperation.Status or ClientOperation.OpenSession;

    public static ClientResponse InDoubt(string why) =>
        new() { Outcome = ClientOutcome.Unknown, Code = ClientError.OutcomeUnknown, Message = why };

    /// <summary>There was no session to send it in: whatever became of the session, the request did not happen.</summary>
    public static ClientResponse NeverSent(ClientResponse opened) => opened.Outcome == ClientOutcome.NotDone
        ? opened
        : opened with { Outcome = ClientOutcome.NotDone, Code = ClientError.NoLeader, Message = "no session could be opened in time" };

    /// <summary>Takes an answer in; true when no other attempt could tell more.</summary>
    public bool IsOver(ClientResponse response)
    {
        _last = response;
        _mayHaveHappened |= response.Outcome == ClientOutcome.Unknown;
        return response.Outcome switch
        {
            ClientOutcome.Done => true,
            ClientOutcome.Unknown => !MayRepeat || response.Code == ClientError.AnswerLost,
            _ => response.Code is not (ClientError.NoLeader or ClientError.NotLeader or ClientError.Busy or ClientError.Stopping
                or ClientError.SetAside) && (response.Code != ClientError.TimedOut || !MayRepeat),
        };
    }

    /// <summary>The store said no to the request itself; in a session that is its answer to the first attempt, too.</summary>
    private static bool IsAnswerOfStore(ClientResponse response) => response.Code is ClientError.NoSuchKey or ClientError.KeyExists
        or ClientError.KeyChanged or ClientError.Compacted or ClientError.FutureRevision or ClientError.Store;
}
