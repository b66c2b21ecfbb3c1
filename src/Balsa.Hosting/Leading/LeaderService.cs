using Microsoft.Extensions.Hosting;

namespace Balsa.Hosting.Leading;

/// <summary>
/// Work in the background that one member of the cluster does: the leader. Register it with
/// <c>services.AddLeaderService&lt;T&gt;()</c>.
/// </summary>
public abstract class LeaderService : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;

    /// <summary>Set before the service starts.</summary>
    internal IRaftMember? Member { get; set; }

    internal Action<Exception> Failed { get; set; } = _ => { };

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _running = Task.Run(RunAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _running.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose()
    {
        _stopping.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>
    /// Runs while this member leads, once in each reign. Must end soon after <see cref="Leadership.Lost"/>. When it ends
    /// earlier, it does not run again before the next reign; when it throws, it does after a pause.
    /// </summary>
    protected abstract Task ExecuteAsLeaderAsync(Leadership leadership);

    /// <summary>After an exception, before the next try.</summary>
    protected virtual TimeSpan Pause => TimeSpan.FromSeconds(1);

    private async Task RunAsync()
    {
        try
        {
            while (true) await ServeAsync(await Member!.LeadAsync(_stopping.Token));
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
        catch (Errors.MemberStoppedException)
        {
            // There will be no further reign; why is told by the member itself.
        }
    }

    private async Task ServeAsync(Leadership leadership)
    {
        using var stop = _stopping.Token.Register(leadership.End);
        while (!leadership.Lost.IsCancellationRequested)
        {
            try
            {
                await ExecuteAsLeaderAsync(leadership);
                await Task.Delay(Timeout.Infinite, leadership.Lost);
            }
            catch (OperationCanceledException) when (leadership.Lost.IsCancellationRequested)
            {
                // Somebody else's turn.
            }
            catch (Exception problem)
            {
                Failed(problem);
                await Task.Delay(Pause, leadership.Lost).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        _stopping.Token.ThrowIfCancellationRequested();
    }
}
