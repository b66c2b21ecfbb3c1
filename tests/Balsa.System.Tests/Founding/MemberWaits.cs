using Balsa.System.Tests.Faults;

namespace Balsa.System.Tests.Founding;

/// <summary>Waits until the members are as they should be.</summary>
internal static class MemberWaits
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    internal static async Task ForVotersAsync(Cli cli, ServerPlan plan, IReadOnlyList<string> voters, int ask = 0)
    {
        var until = DateTime.UtcNow + Longest;
        while (true)
        {
            var endpoints = ask > 0 ? $"{plan.Clients[ask - 1]}" : string.Join(',', plan.Clients);
            var answer = await cli.RunAsync("member", "ls", "--json", "--endpoints", endpoints);
            var found = answer.Code != 0 ? [] : answer.Json.GetProperty("members").EnumerateArray()
                .Where(member => member.GetProperty("role").GetString() == "Voter")
                .Select(member => member.GetProperty("name").GetString()!).Order(StringComparer.Ordinal).ToArray();
            if (found.SequenceEqual(voters)) return;
            Assert.True(DateTime.UtcNow < until, $"the voters are {string.Join(' ', found)}: {answer.Out} {answer.Error}");
        }
    }
}
