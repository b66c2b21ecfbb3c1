namespace Balsa.Hosting;

/// <summary>A replicated state, seen from one of its members. Every member takes commands and queries.</summary>
public interface IReplica<TState> where TState : class
{
    /// <summary>
    /// Runs a command once, on every member, and gives its result when a majority holds it on disk. It goes to whoever leads,
    /// and waits for a leader. Cancelling stops the waiting; the command may still run.
    /// </summary>
    /// <exception cref="Errors.NotAppliedException">It certainly did not run and never will.</exception>
    /// <exception cref="Errors.OutcomeUnknownException">Nobody knows; the exception can ask again without running it twice.</exception>
    /// <exception cref="Errors.ApplyFailedException">It, or one before it, threw an exception, and the state is gone.</exception>
    Task<TResult> ExecuteAsync<TResult>(ICommand<TState, TResult> command, CancellationToken cancellationToken = default);

    /// <summary>
    /// Looks at the state, between two commands. The query must be quick, must not change anything, and must not give away
    /// parts of the state that can change: copy them.
    /// </summary>
    /// <exception cref="Errors.QueryFailedException">No member could answer in time.</exception>
    Task<TResult> QueryAsync<TResult>(
        Func<TState, TResult> query, ReadConsistency consistency = ReadConsistency.Linearizable,
        CancellationToken cancellationToken = default);
}
