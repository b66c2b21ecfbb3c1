using Balsa.Cli.CommandLine;

namespace Balsa.Cli.Tests;

public sealed class NearestNamesTests
{
    [Theory]
    [InlineData("", "abc", 3)]
    [InlineData("abc", "abc", 0)]
    [InlineData("abc", "acb", 1)]
    [InlineData("abc", "abcd", 1)]
    [InlineData("abc", "xyz", 3)]
    public void The_distance_counts_added_removed_replaced_and_swapped_letters(string from, string to, int expected) =>
        Assert.Equal(expected, NearestNames.Distance(from, to));

    [Fact]
    public void Nothing_is_suggested_for_a_word_that_is_far_from_everything() =>
        Assert.Empty(NearestNames.To("zebra", ["version", "scoreboard"]));

    [Fact]
    public void At_most_three_names_are_suggested_and_the_nearest_comes_first() =>
        Assert.Equal(["put", "pat", "pet"], NearestNames.To("puut", ["pot", "pet", "pat", "put", "pit"]));
}
