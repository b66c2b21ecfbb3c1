using System.Text;
using Balsa.Server.Protocol;
using Balsa.Simulation.Judging.Histories;

namespace Balsa.Cli.Chaos.Rounds;

/// <summary>From an answer of the cluster to what a history says of it.</summary>
internal static class RecordedAnswers
{
    internal static Outcome OutcomeOf(ClientResponse? response) => response switch
    {
        // Nobody was reached, so nobody can have done anything.
        null => Outcome.NotDone,
        { Outcome: ClientOutcome.Done } => Outcome.Done,
        // A condition that did not hold is an answer of the store.
        { Code: ClientError.KeyExists or ClientError.KeyChanged or ClientError.NoSuchKey } => Outcome.Done,
        { Outcome: ClientOutcome.NotDone } => Outcome.NotDone,
        _ => Outcome.Unknown,
    };

    internal static Operation Fill(Operation asked, ClientResponse response)
    {
        var told = asked with { Revision = response.Revision };
        return asked.Kind switch
        {
            OperationKind.Get => Shown(told, response),
            OperationKind.Range => told with { Items = [.. response.Values!.Select(ItemOf)] },
            OperationKind.Delete => told with { Met = response.Count > 0 },
            OperationKind.PutIf when response.Outcome == ClientOutcome.Done => told with { Met = true },
            OperationKind.PutIf => Shown(told with { Met = false }, response),
            _ => told,
        };
    }

    private static Operation Shown(Operation told, ClientResponse response) => response.Values is [var found]
        ? told with { Found = Encoding.UTF8.GetString(found.Value ?? []), Modified = found.Revision }
        : told with { Found = null, Modified = 0 };

    private static Item ItemOf(ClientValue found) =>
        new(Encoding.UTF8.GetString(found.Key), Encoding.UTF8.GetString(found.Value ?? []), found.Revision);
}
