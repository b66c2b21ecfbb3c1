using Balsa.Hosting;
using Balsa.Hosting.Leading;

var builder = WebApplication.CreateBuilder(args);
builder.AddRaft<Counter>();                        // settings from the section "Raft"
builder.Services.AddLeaderService<Teller>();       // runs on the leader only

var app = builder.Build();
app.MapRaft();                                     // /raft/status, /raft/leader
app.MapHealthChecks("/health");
app.MapPost("/add/{by:int}", (int by, IReplica<Counter> r, CancellationToken stop) => r.ExecuteAsync(new Add(by), stop));
app.MapGet("/", (IReplica<Counter> r, CancellationToken stop) => r.QueryAsync(c => c.Value, cancellationToken: stop));
app.Run();

internal sealed class Counter
{
    public long Value { get; set; }
}

internal sealed record Add(int By) : ICommand<Counter, long>
{
    public long Apply(Counter state, ApplyContext context) => state.Value += By;
}

internal sealed class Teller(IReplica<Counter> replica) : LeaderService
{
    protected override async Task ExecuteAsLeaderAsync(Leadership leadership)
    {
        while (true)
        {
            var value = await replica.QueryAsync(counter => counter.Value, cancellationToken: leadership.Lost);
            Console.WriteLine($"I lead with token {leadership.FencingToken}; the counter is {value}.");
            await Task.Delay(TimeSpan.FromSeconds(10), leadership.Lost);
        }
    }
}
