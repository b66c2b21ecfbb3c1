using System.Net;

namespace Balsa.Cli.Duels;

/// <summary>A cluster of three that speaks etcd's API, started for a measurement and gone after it.</summary>
internal interface IContender : IAsyncDisposable
{
    string Name { get; }

    IReadOnlyList<IPEndPoint> Endpoints { get; }

    IReadOnlyList<int> Processes { get; }

    /// <summary>Returns when a write would work.</summary>
    Task StartAsync();
}
