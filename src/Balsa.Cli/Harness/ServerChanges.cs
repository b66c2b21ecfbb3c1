using Balsa.Adapters.Raftkv;

namespace Balsa.Cli.Harness;

/// <summary>
/// What the course announced and never did: while requests run, the leader crashes and is started again, a server joins and another
/// one leaves. The last two are changes of the configuration that a majority has committed.
/// </summary>
internal sealed class ServerChanges(HarnessCluster cluster, HarnessProgress progress, KvsTest test)
{
    internal async Task RunAsync(KvsWorkload workload)
    {
        await workload.ReachAsync(test.NumRequests / 4);
        if (test.CrashServer) await CrashAsync();
        await workload.ReachAsync(test.NumRequests / 2);
        if (test.AddServer) await ChangeAsync(RaftkvMethods.AddServer, cluster.Size);
        if (test.RemoveServer) await ChangeAsync(RaftkvMethods.RemoveServer, 0);
        // Requests after the change, too.
        await workload.ReachAsync(workload.Done + test.NumRequests / 4);
    }

    private async Task CrashAsync()
    {
        if (await cluster.GetLastLeaderAsync(isQuiet: true) is not { } leader || leader < 0)
        {
            progress.Failure("crashServer: nobody led");
            return;
        }

        cluster.KillOneNode(leader);
        while (await cluster.GetStateOfServerAsync(leader, isQuiet: true) is not null)
        {
            // Asked until it is gone: what still runs is not started again.
        }

        await ChangeAsync(RaftkvMethods.StartServer, leader);
    }

    private async Task ChangeAsync(Grpc.GrpcMethod<Protocol.Raftkv.IntegerArg, Protocol.Raftkv.Reply> method, int server)
    {
        if (!await cluster.ChangeAsync(method, server)) progress.Failure($"{method.Name}({server + 1}) failed");
    }
}
