using System.Net;
using Balsa.Adapters.Raftkv;
using Balsa.Transport.Codec;

namespace Balsa.Adapters.Tests.Raftkv;

/// <summary>From which port each of five servers dials each other one, by both rules.</summary>
public sealed class RaftkvPortsTests
{
    private static readonly int[][] Harness =
        [[0, 7002, 7003, 7004, 7005], [7006, 0, 7008, 7009, 7010], [7011, 7012, 0, 7014, 7015], [7016, 7017, 7018, 0, 7020],
         [7021, 7022, 7023, 7024, 0]];

    private static readonly int[][] SkipSelf =
        [[0, 7001, 7002, 7003, 7004], [7006, 0, 7007, 7008, 7009], [7011, 7012, 0, 7013, 7014], [7016, 7017, 7018, 0, 7019],
         [7021, 7022, 7023, 7024, 0]];

    [Theory]
    [Row("S2-02", "S2-23")]
    [InlineData(SourcePortRule.Harness)]
    [InlineData(SourcePortRule.SkipSelf)]
    public void Five_servers_have_the_ports_of_the_table(SourcePortRule rule)
    {
        var (ports, expected) = (new RaftkvPorts(9001, 5, rule), rule == SourcePortRule.Harness ? Harness : SkipSelf);
        for (var from = 1; from <= 5; from++)
            for (var to = 1; to <= 5; to++)
                if (from != to) Assert.Equal(expected[from - 1][to - 1], ports.SourcePort(from, to));
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 9005), ports.AddressOf(5));
    }

    [Fact]
    [Row("S2-60")]
    public void All_links_to_a_server_have_one_port_and_each_its_own_address()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "other systems have one loopback address");
        var ports = new RaftkvPorts(9001, 5);
        var sources = Enum.GetValues<LinkPurpose>().Select(purpose => ports.SourceOf(2, purpose, ports.AddressOf(4))!).ToList();
        Assert.All(sources, source => Assert.Equal(7009, source.Port));
        Assert.Equal(sources.Count, sources.Distinct().Count());
        Assert.Null(ports.SourceOf(2, LinkPurpose.Bulk, new IPEndPoint(IPAddress.Loopback, 2380)));
        Assert.Null((ports with { Rule = SourcePortRule.None }).SourceOf(2, LinkPurpose.Consensus, ports.AddressOf(4)));
    }
}
