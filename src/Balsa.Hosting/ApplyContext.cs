using Balsa.Hosting.Machines;

namespace Balsa.Hosting;

/// <summary>What a command may know beside the state: the same on every member, and the same again after a restart.</summary>
public sealed class ApplyContext
{
    private EntryRandom? _random;

    internal ApplyContext(ulong index, ulong term, TimeSpan timestamp) => (Index, Term, Timestamp) = (index, term, timestamp);

    /// <summary>The place of the command in the log: grows from command to command, and names this one for ever.</summary>
    public ulong Index { get; }

    /// <summary>The reign in which it was proposed.</summary>
    public ulong Term { get; }

    /// <summary>
    /// How long the cluster has been led since it was founded, as the leader measured it. It never goes back, stands still
    /// while nobody leads, and knows no date: a command that needs one carries it.
    /// </summary>
    public TimeSpan Timestamp { get; }

    /// <summary>Seeded by the command's place in the log. Not for secrets.</summary>
    public Random Random => _random ??= new EntryRandom(Index, Term);
}
