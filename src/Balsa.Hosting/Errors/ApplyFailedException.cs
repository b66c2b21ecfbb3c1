namespace Balsa.Hosting.Errors;

/// <summary>
/// A command threw an exception when it was applied. That is a mistake in the program, and the other members will make it at
/// the same entry: the state is discarded, and the member neither serves nor keeps leading. It goes on keeping the log and
/// voting, so nothing is lost; start a build in which the command does not throw.
/// </summary>
public sealed class ApplyFailedException : Exception
{
    internal ApplyFailedException(ulong index, string command, string member, string why, Exception? inner = null)
        : base(
            $"The command {command} at entry {index} threw an exception on {member}: {why} The member does not serve any more, because "
            + "its state may be half changed; the log is kept. Start a build in which this command answers with a result instead.",
            inner)
    {
        (Index, Command, Member, Why) = (index, command, member, why);
    }

    public ulong Index { get; }

    public string Command { get; }

    private string Member { get; }

    private string Why { get; }

    /// <summary>The same for another caller: an exception that is thrown twice mixes up its stacks.</summary>
    internal ApplyFailedException Again() => new(Index, Command, Member, Why, InnerException);
}
