using Balsa.Hosting;

await using var cluster = await LocalCluster<Counter>.StartAsync(nodes: 3);

Console.WriteLine(await cluster.ExecuteAsync(new Add(40)));   // 40
await cluster.KillAsync(cluster.Leader!);                     // the leader is gone
Console.WriteLine(await cluster.ExecuteAsync(new Add(2)));    // 42, from the new leader
Console.WriteLine(await cluster.QueryAsync(c => c.Value));    // 42, a linearizable read

class Counter { public long Value { get; set; } }

record Add(int By) : ICommand<Counter, long>
{
    public long Apply(Counter state, ApplyContext context) => state.Value += By;
}
