using Balsa.Cli.Chaos;
using Balsa.Cli.Chaos.Networks;

namespace Balsa.System.Tests.Faults;

/// <summary>What is made for trials of networks goes away again, whoever made it and however that one ended.</summary>
[Collection(Alone.Name)]
public sealed class NamespaceTests
{
    [Fact]
    public void Networks_leave_nothing_behind()
    {
        if (NodeNetworks.WhyNot() is { } reason) Assert.Skip(reason);
        var before = Ours();
        using (var networks = NodeNetworks.Create(2))
        {
            Assert.Equal(3, Ours().Except(before).Count());
            networks.LoseWay(0, 1);
            networks.CutOff(1);
            networks.Heal();
        }

        Assert.Equal(before, Ours());
    }

    [Fact]
    public void What_a_killed_process_left_behind_is_removed_by_the_next_one()
    {
        if (NodeNetworks.WhyNot() is { } reason) Assert.Skip(reason);
        const string Left = "balsa-999999999-1-n1";
        SystemTool.Run("ip", "netns", "add", Left);
        NodeNetworks.Create(1).Dispose();
        Assert.Empty(Namespaces.With(Left));
    }

    private static string[] Ours() =>
        [.. Namespaces.With($"balsa-{Environment.ProcessId}-").Order(StringComparer.Ordinal)];
}
