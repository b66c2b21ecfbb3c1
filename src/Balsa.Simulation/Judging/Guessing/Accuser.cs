using Balsa.Simulation.Judging.Histories;
using Balsa.Simulation.Judging.Replaying;

namespace Balsa.Simulation.Judging.Guessing;

/// <summary>Says which guesses an operation's failure can come from. Where that is hard to say it may be any of them.</summary>
internal sealed class Accuser
{
    private readonly KeyFacts _facts;
    private readonly HashSet<string> _entangled = new(StringComparer.Ordinal);
    private readonly bool _isAnyKeyEntangled;

    internal Accuser(Timeline timeline, KeyFacts facts)
    {
        _facts = facts;
        foreach (var operation in (IEnumerable<Operation>)[.. timeline.Done, .. timeline.Unknown])
        {
            HasLeases |= operation.Lease != 0;
            // What such a transaction does to one key depends on others.
            var isOpen = operation.Kind == OperationKind.Txn && operation.Compares.Count > 0 && operation.Met is null;
            foreach (var part in (IEnumerable<Part>)[.. operation.Then, .. operation.Else])
            {
                HasLeases |= part.Lease != 0;
                if (!isOpen) continue;
                _isAnyKeyEntangled |= part is { Kind: OperationKind.Delete, End: not null };
                _entangled.Add(part.Key);
            }
        }
    }

    /// <summary>Leases end by themselves, and take keys with them that nobody named.</summary>
    internal bool HasLeases { get; }

    /// <summary>An operation that found or did something else than it should.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="dispute">What the clerk complained of; null when it did not.</param>
    /// <param name="revision">What was known before this one is taken for certain.</param>
    internal Blame Of(Operation operation, Dispute? dispute, long revision)
    {
        var blame = new Blame();
        if (dispute is { } told)
        {
            foreach (var key in told.Keys) AddKey(blame, key, told.IsAboutAge ? 0 : _facts.SettledBefore(key, revision));
            if (told.Keys.Count == 0) blame.AddEverything();
        }
        else if (operation.Kind is OperationKind.Txn or OperationKind.Revoke || operation.RangeEnd is not null)
        {
            blame.AddEverything();
        }
        else
        {
            AddKey(blame, operation.Key, _facts.SettledBefore(operation.Key, revision));
        }

        return blame;
    }

    private void AddKey(Blame blame, string key, long settled)
    {
        if (HasLeases || _isAnyKeyEntangled || _entangled.Contains(key)) blame.AddEverything();
        else blame.AddKey(key, settled);
    }
}
