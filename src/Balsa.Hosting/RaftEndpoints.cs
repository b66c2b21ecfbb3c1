using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Balsa.Hosting;

/// <summary>What a member shows over HTTP.</summary>
public static class RaftEndpoints
{
    /// <summary>
    /// <c>GET {prefix}/status</c>: what this member believes. <c>GET {prefix}/leader</c>: 200 on the member that leads and 503 on
    /// the others, for load balancers. <c>POST {prefix}/leader/{name}</c>: hands leadership to another. Anybody who reaches the
    /// port may ask: add <c>RequireAuthorization()</c> where that matters.
    /// </summary>
    public static IEndpointConventionBuilder MapRaft(this IEndpointRouteBuilder endpoints, string prefix = "/raft")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var group = endpoints.MapGroup(prefix);
        group.MapGet("/status", (IRaftMember member, CancellationToken stop) => member.StatusAsync(stop));
        group.MapGet("/leader", TellLeader);
        group.MapPost("/leader/{name}", MoveAsync);
        return group;
    }

    private static IResult TellLeader(IRaftMember member)
    {
        var leads = member.Leader == member.Name;
        return Results.Text(
            member.Leader ?? "nobody", statusCode: leads ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<IResult> MoveAsync(string name, IRaftMember member, CancellationToken stop)
    {
        try
        {
            await member.MoveLeadershipAsync(name, stop);
            return Results.Ok();
        }
        catch (Exception problem) when (problem is Errors.NotAppliedException or ArgumentException)
        {
            return Results.Problem(problem.Message, statusCode: StatusCodes.Status409Conflict);
        }
    }
}
