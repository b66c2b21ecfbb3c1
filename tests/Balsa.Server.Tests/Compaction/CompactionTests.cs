using Balsa.Grpc;
using Balsa.Protocol.Etcd;
using Balsa.Server.Compaction;
using Balsa.Server.Etcd;
using Balsa.Server.Tests.Etcd;
using Google.Protobuf;

namespace Balsa.Server.Tests.Compaction;

public sealed class CompactionTests
{
    [Theory]
    [InlineData("periodic", "1", "periodic 01:00:00")]
    [InlineData("periodic", "72", "periodic 3.00:00:00")]
    [InlineData("periodic", "1h30m", "periodic 01:30:00")]
    [InlineData("periodic", "1.5h", "periodic 01:30:00")]
    [InlineData("periodic", "300ms", "periodic 00:00:00.3000000")]
    [InlineData("revision", "1000", "revision 1000")]
    [InlineData("periodic", "0", "off")]
    [InlineData("periodic", "0s", "off")]
    [InlineData("revision", "0", "off")]
    [InlineData("periodic", "", "off")]
    [InlineData("periodic", "ten", null)]
    [InlineData("periodic", "10x", null)]
    [InlineData("periodic", "1h ", null)]
    [InlineData("periodic", "-1", null)]
    [InlineData("periodic", "-1h", null)]
    [InlineData("periodic", "99999999999", null)]
    [InlineData("revision", "1h", null)]
    [InlineData("revision", "-5", null)]
    [InlineData("sometimes", "1", null)]
    [InlineData("", "1", null)]
    public void Texts_mean_what_they_mean_to_etcd(string mode, string retention, string? meaning)
    {
        var found = AutoCompaction.TryParse(mode, retention, out var problem);
        var told = found?.Mode switch
        {
            null => null,
            CompactionMode.Off => "off",
            CompactionMode.Periodic => $"periodic {found.Period}",
            _ => $"revision {found.Revisions}",
        };
        Assert.Equal(meaning, told);
        Assert.Equal(found is null, problem.Length > 0);
    }

    [Fact]
    public void By_time_it_waits_a_period_and_goes_to_the_oldest_of_eleven_looks_as_etcd_does()
    {
        // A revision a minute: at minute m the store is at revision m + 1.
        var compacted = Run(new AutoCompaction(CompactionMode.Periodic, TimeSpan.FromMinutes(30), 0), minutes: 120, leadsFrom: 0);
        Assert.Equal([(30, 1L), (60, 28), (90, 58), (120, 88)], compacted);
    }

    [Fact]
    public void A_long_period_is_kept_and_looked_at_every_hour()
    {
        var compacted = Run(new AutoCompaction(CompactionMode.Periodic, TimeSpan.FromHours(3), 0), minutes: 300, leadsFrom: 0);
        Assert.Equal([(180, 1L), (240, 55), (300, 115)], compacted);
    }

    [Fact]
    public void A_new_leader_knows_the_revisions_of_before()
    {
        var compacted = Run(new AutoCompaction(CompactionMode.Periodic, TimeSpan.FromMinutes(30), 0), minutes: 70, leadsFrom: 50);
        Assert.Equal((51, 19L), compacted[0]);
    }

    [Fact]
    public void By_revisions_so_many_are_kept()
    {
        var compacted = Run(new AutoCompaction(CompactionMode.Revision, default, 10), minutes: 20, leadsFrom: 0);
        Assert.Equal([(10, 1L), (15, 6), (20, 11)], compacted);
    }

    [Fact]
    public void What_failed_is_tried_at_the_next_look()
    {
        var schedule = new CompactionSchedule(new AutoCompaction(CompactionMode.Revision, default, 1), TimeSpan.Zero, 1);
        Assert.Equal(4, schedule.Look(TimeSpan.FromMinutes(5), 5, leads: true));
        Assert.Equal(4, schedule.Look(TimeSpan.FromMinutes(10), 5, leads: true));
        schedule.OnDone(TimeSpan.FromMinutes(10), 4);
        Assert.Equal(0, schedule.Look(TimeSpan.FromMinutes(15), 5, leads: true));
    }

    [Fact]
    public async Task A_node_forgets_what_is_older_than_its_period()
    {
        await using var node = new OneNode { Compaction = new AutoCompaction(CompactionMode.Periodic, TimeSpan.FromSeconds(1), 0) };
        await node.InitializeAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var key = ByteString.CopyFromUtf8("key");
        var first = (await node.AskAsync(EtcdMethods.Put, new PutRequest { Key = key, Value = key })).Header.Revision;
        while (true)
        {
            limit.Token.ThrowIfCancellationRequested();
            await node.AskAsync(EtcdMethods.Put, new PutRequest { Key = key, Value = key });
            try
            {
                await node.AskAsync(EtcdMethods.Range, new RangeRequest { Key = key, Revision = first });
            }
            catch (GrpcException compacted) when (compacted.Message.Contains("has been compacted", StringComparison.Ordinal))
            {
                break;
            }
        }

        Assert.Single((await node.AskAsync(EtcdMethods.Range, new RangeRequest { Key = key })).Kvs);
    }

    private static List<(int Minute, long Revision)> Run(AutoCompaction options, int minutes, int leadsFrom)
    {
        var (found, schedule) = (new List<(int, long)>(), new CompactionSchedule(options, TimeSpan.Zero, 1));
        for (var now = schedule.Every; now <= TimeSpan.FromMinutes(minutes); now += schedule.Every)
        {
            var target = schedule.Look(now, (long)now.TotalMinutes + 1, now.TotalMinutes >= leadsFrom);
            if (target == 0) continue;
            found.Add(((int)now.TotalMinutes, target));
            schedule.OnDone(now, target);
        }

        return found;
    }
}
