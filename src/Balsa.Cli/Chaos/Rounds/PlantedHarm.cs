using System.Text;
using Balsa.Cli.Clients;
using Balsa.Server.Protocol;

namespace Balsa.Cli.Chaos.Rounds;

/// <summary>What a campaign does wrong on purpose, so that it shows that it would notice.</summary>
internal enum HarmKind
{
    None,

    /// <summary>Reads of earlier states are noted as if they had asked for the newest.</summary>
    StaleReads,

    /// <summary>An acknowledged key is deleted behind the back of all clients.</summary>
    LostKey,

    /// <summary>A token is added to its list once more.</summary>
    DoubledToken,

    /// <summary>A write that was acknowledged runs once more.</summary>
    DoubledWrite,
}

internal static class PlantedHarm
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>Done after the last fault, by a client that notes nothing.</summary>
    internal static async Task DoAsync(HarmKind harm, ClusterClient client, string key, string listKey)
    {
        var read = new ClientRequest { Op = ClientOperation.Get, Key = Encoding.UTF8.GetBytes(key) };
        if (harm == HarmKind.LostKey)
        {
            await client.AskAsync(read with { Op = ClientOperation.Delete }, Longest);
        }
        else if (harm == HarmKind.DoubledWrite)
        {
            var value = (await client.AskAsync(read, Longest))!.Values![0].Value!;
            await client.AskAsync(read with { Op = ClientOperation.Put, Value = value }, Longest);
        }
        else if (harm == HarmKind.DoubledToken)
        {
            read = read with { Key = Encoding.UTF8.GetBytes(listKey) };
            var list = Encoding.UTF8.GetString((await client.AskAsync(read, Longest))!.Values![0].Value!);
            var longer = Encoding.UTF8.GetBytes($"{list},{list.Split(',')[0]}");
            await client.AskAsync(read with { Op = ClientOperation.Put, Value = longer }, Longest);
        }
    }
}
