using Microsoft.Extensions.Logging;

namespace Balsa.Hosting.Local;

/// <summary>One place of a local cluster, with a member in it or without.</summary>
internal sealed class LocalMember<TState>(RaftSettings settings, RaftModel<TState> model, ILogger? log) where TState : class
{
    private RaftMember<TState>? _running;

    internal RaftSettings Settings => settings;

    internal CutStreams Streams { get; } = new();

    /// <summary>Null while it is down.</summary>
    internal RaftMember<TState>? Running => Volatile.Read(ref _running);

    internal async Task StartAsync() =>
        Volatile.Write(ref _running, await RaftMember<TState>.StartAsync(settings, model, log, Streams, CancellationToken.None));

    internal async Task RestartAsync()
    {
        if (Running is not null) throw new InvalidOperationException($"{settings.NodeId} is up. Kill it first.");
        await StartAsync();
    }

    internal async Task KillAsync()
    {
        if (Interlocked.Exchange(ref _running, null) is { } running) await running.KillAsync();
    }

    internal async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _running, null) is { } running) await running.DisposeAsync();
    }
}
