using Balsa.Hosting.Leading;
using Balsa.Hosting.Members;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Balsa.Hosting.Services;

/// <summary>The member of a host. It begins and ends with the host, and takes the host with it when it cannot go on.</summary>
internal sealed class HostedMember<TState>(
    IOptions<RaftSettings> settings, RaftModel<TState> model, ILogger<HostedMember<TState>> log, IHostApplicationLifetime host)
    : IHostedService, IReplica<TState>, IRaftMember
    where TState : class
{
    private RaftMember<TState>? _member;

    public string Name => settings.Value.NodeId;

    public string? Leader => _member?.Leader;

    public Exception? Failure => _member?.Failure;

    private RaftMember<TState> Member => Volatile.Read(ref _member) ?? throw new InvalidOperationException(
        "The member has not started yet. It starts with the host: use it in services that start later, or after the start.");

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var member = await RaftMember<TState>.StartAsync(settings.Value, model, log, cancellationToken);
        Volatile.Write(ref _member, member);
        _ = member.Stopped.ContinueWith(_ => OnStopped(), TaskScheduler.Default);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_member is { } member) await member.DisposeAsync();
    }

    public Task<TResult> ExecuteAsync<TResult>(ICommand<TState, TResult> command, CancellationToken cancellationToken = default) =>
        Member.ExecuteAsync(command, cancellationToken);

    public Task<TResult> QueryAsync<TResult>(
        Func<TState, TResult> query, ReadConsistency consistency = ReadConsistency.Linearizable,
        CancellationToken cancellationToken = default) => Member.QueryAsync(query, consistency, cancellationToken);

    public Task<RaftStatus> StatusAsync(CancellationToken cancellationToken = default) => Member.StatusAsync(cancellationToken);

    public Task WaitForLeaderAsync(CancellationToken cancellationToken = default) => Member.WaitForLeaderAsync(cancellationToken);

    public Task<Leadership> LeadAsync(CancellationToken cancellationToken = default) => Member.LeadAsync(cancellationToken);

    public Task MoveLeadershipAsync(string to, CancellationToken cancellationToken = default) =>
        Member.MoveLeadershipAsync(to, cancellationToken);

    /// <summary>A member that stopped by itself must not leave a host behind that looks as if all were well.</summary>
    private void OnStopped()
    {
        if (Member.Failure is null || host.ApplicationStopping.IsCancellationRequested) return;
        RaftLog.HostEnds(log, Name);
        Environment.ExitCode = 1;
        host.StopApplication();
    }
}
