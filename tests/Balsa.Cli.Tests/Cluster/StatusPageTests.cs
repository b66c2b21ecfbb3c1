using Balsa.Cli.Clients;
using Balsa.Cli.CommandLine;
using Balsa.Cli.Commands.Cluster;

namespace Balsa.Cli.Tests.Cluster;

public sealed class StatusPageTests
{
    [Fact]
    public void A_page_says_how_many_more_failures_are_tolerated_and_how_to_mend_what_is_broken() => Assert.Equal(
        """
        ▲ degraded   2 of 3 members up · 0 more failures tolerated · writes work
          leader n2, term 7 · revision 95 · log 2.0 kB

            MEMBER  ROLE           TERM  BELIEVES    APPLIED    LAG     HEARD        UP  CLIENT
          ● n1      follower          7  n2               97      3      4 ms  00:01:01  127.0.0.1:1379
          ★ n2      leader            7  n2              100      0         –  00:01:01  127.0.0.1:2379
          ✕ n3      down              –  –                 –      –     12 ms         –  127.0.0.1:3379

          n3: connection refused at 127.0.0.1:3379
              start it     balsa fault restart n3

        """, Print(Views.Of(Views.Node(1, "Follower", "n2", applied: 97), Views.Leader(2))), ignoreLineEndingDifferences: true);

    [Fact]
    public void A_page_shows_alarms_and_the_way_out_of_an_entry_that_cannot_be_applied()
    {
        var leader = Views.Leader(2) with { Alarms = ["NOSPACE n2"], SkipCommand = "balsa doctor data /d --skip-entry 9 --hash 12" };
        var view = Views.Of(Views.Node(1, "Follower", "n2"), leader, Views.Node(3, "Follower", "n2"));
        Assert.Equal("degraded", view.Health);
        var page = Print(view);
        Assert.Contains("alarm NOSPACE n2", page, StringComparison.Ordinal);
        Assert.Contains("balsa compact, then etcdctl alarm disarm", page, StringComparison.Ordinal);
        Assert.Contains("balsa doctor data /d --skip-entry 9 --hash 12", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_shows_a_member_that_was_set_aside_and_why()
    {
        var aside = Views.Node(3, "Follower", "n2") with { Aside = "its state differs at entry 90" };
        Assert.Equal(
            """
            ▲ degraded   3 of 3 members up · 1 more failure tolerated · writes work
              leader n2, term 7 · revision 95 · log 2.0 kB

                MEMBER  ROLE           TERM  BELIEVES    APPLIED    LAG     HEARD        UP  CLIENT
              ● n1      follower          7  n2              100      0      4 ms  00:01:01  127.0.0.1:1379
              ★ n2      leader            7  n2              100      0         –  00:01:01  127.0.0.1:2379
              ▲ n3      set aside         7  n2              100      0     12 ms  00:01:01  127.0.0.1:3379

              n3 is set aside and serves nobody: its state differs at entry 90

            """, Print(Views.Of(Views.Node(1, "Follower", "n2"), Views.Leader(2), aside)), ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void Two_leaders_are_both_shown_and_the_older_one_counts_for_nothing()
    {
        var view = Views.Of(Views.Leader(1, term: 6), Views.Leader(2), Views.Node(3, "Follower", "n2"));
        Assert.Equal(("degraded", "n2", 0), (view.Health, view.Leader!.Name, view.FailuresTolerated));
        var page = Print(view);
        Assert.Contains("n1      leader            6  n1", page, StringComparison.Ordinal);
        Assert.Contains("n2      leader            7  n2", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Three_members_that_follow_one_leader_are_healthy() =>
        Assert.Equal("healthy", Views.Of(Views.Node(1, "Follower", "n2"), Views.Leader(2), Views.Node(3, "Follower", "n2")).Health);

    [Fact]
    public void A_member_that_believes_in_a_leader_we_cannot_reach_leaves_the_health_unknown()
    {
        Assert.Equal("unknown", Views.Of(Views.Node(1, "Follower", "n2")).Health);
        Assert.Equal("no quorum", Views.Of(Views.Node(1, "PreCandidate", "")).Health);
        Assert.Equal("no quorum", Views.Of(Views.Leader(1)).Health);
    }

    [Theory]
    [InlineData(95L, true)]
    [InlineData(96L, false)]
    public async Task A_wait_for_a_revision_is_over_when_all_that_answer_have_applied_it(long revision, bool isOver)
    {
        var view = Views.Of(Views.Node(1, "Follower", "n2"), Views.Leader(2));
        var wanted = new WaitConditions(Healthy: false, Leader: true, revision, Key: null);
        Assert.Equal(isOver, await wanted.MissingAsync(view, []) is null);
        var healthy = new WaitConditions(Healthy: true, Leader: false, Revision: null, Key: null);
        Assert.Contains("2 of 3 members up", await healthy.MissingAsync(view, []), StringComparison.Ordinal);
    }

    [Fact]
    public void Top_tells_who_came_and_went_between_two_frames()
    {
        var frames = new TopFrames();
        var first = frames.Next(Views.Of(Views.Node(1, "Follower", "n2"), Views.Leader(2), Views.Node(3, "Follower", "n2")));
        Assert.DoesNotContain(first, line => line.Contains("/s", StringComparison.Ordinal));
        var second = string.Join('\n', frames.Next(Views.Of(Views.Leader(1, term: 8), Views.Node(2, "Follower", "n1", term: 8))));
        Assert.Contains("✕ n3 went down: connection refused", second, StringComparison.Ordinal);
        Assert.Contains("★ n1 leads term 8", second, StringComparison.Ordinal);
        Assert.Contains("  writes 0/s  ▁", second, StringComparison.Ordinal);
        Assert.Equal("▁█▅", TopFrames.Spark([0, 10, 5]));
    }

    private static string Print(ClusterView view)
    {
        using var text = new StringWriter();
        StatusPage.Print(new Output(text, text, json: false), view, isDev: true);
        return text.ToString();
    }
}
