namespace Balsa.Hosting.Errors;

/// <summary>
/// The command may have run, or may run yet. Sending it as a new command could run it twice; <see cref="RetryAsync"/> asks
/// again under the same number, and then it runs once.
/// </summary>
public sealed class OutcomeUnknownException : Exception
{
    private readonly Func<CancellationToken, Task<object?>>? _retry;

    internal OutcomeUnknownException(string why, Func<CancellationToken, Task<object?>>? retry)
        : base($"Nobody knows whether the command ran: {why}. "
            + (retry is null ? "Look at the state before you send it again." : "RetryAsync asks again and does not run it twice."))
    {
        _retry = retry;
    }

    /// <summary>Whether <see cref="RetryAsync"/> can still find out.</summary>
    public bool CanRetry => _retry is not null;

    /// <summary>Asks again, without running the command twice. Gives its result, as if nothing had happened.</summary>
    /// <typeparam name="TResult">The result of the command.</typeparam>
    public async Task<TResult> RetryAsync<TResult>(CancellationToken cancellationToken = default)
    {
        if (_retry is null) throw new InvalidOperationException($"It cannot be found out any more. {Message}");
        return (TResult)(await _retry(cancellationToken))!;
    }
}
