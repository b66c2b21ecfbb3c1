[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Balsa.Hosting.Tests;

/// <summary>A state that shows how often each command ran.</summary>
public sealed class Ledger
{
    private static int _made;

    public long Value { get; set; }

    public Dictionary<string, int> Runs { get; init; } = [];

    /// <summary>Another one in each member, until a snapshot replaces it: lets a test break one member only.</summary>
    public int Number { get; set; } = Interlocked.Increment(ref _made);
}

public sealed record Add(long By) : ICommand<Ledger, long>
{
    public long Apply(Ledger state, ApplyContext context) => state.Value += By;
}

/// <summary>Counts how often it ran, under a name.</summary>
[Command("mark")]
public sealed record Mark(string Name) : ICommand<Ledger, int>
{
    public int Apply(Ledger state, ApplyContext context) => state.Runs[Name] = state.Runs.GetValueOrDefault(Name) + 1;
}

/// <summary>Throws on the member whose state has the number, or on all.</summary>
public sealed record Break(int Number) : ICommand<Ledger, bool>
{
    public bool Apply(Ledger state, ApplyContext context) =>
        Number == 0 || Number == state.Number ? throw new InvalidOperationException("this was a mistake") : true;
}

public sealed record Look : ICommand<Ledger, Sight>
{
    public Sight Apply(Ledger state, ApplyContext context) =>
        new(context.Index, context.Term, context.Timestamp, context.Random.Next(), context.Random.NextDouble());
}

public sealed record Sight(ulong Index, ulong Term, TimeSpan Timestamp, int Random, double Fraction);

/// <summary>A result of a size.</summary>
public sealed record Fill(int Bytes) : ICommand<Ledger, string>
{
    public string Apply(Ledger state, ApplyContext context) => new('x', Bytes);
}

public sealed record Stray : ICommand<Uri, bool>
{
    public bool Apply(Uri state, ApplyContext context) => true;
}
