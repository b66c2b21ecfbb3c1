using Balsa.Grpc.Wire;

namespace Balsa.Grpc.Tests.Wire;

public sealed class TimeoutTextTests
{
    [Theory]
    [InlineData("1H", 3_600_000)]
    [InlineData("2M", 120_000)]
    [InlineData("7S", 7_000)]
    [InlineData("250m", 250)]
    [InlineData("3000u", 3)]
    [InlineData("5000000n", 5)]
    [InlineData("0S", 0)]
    public void Every_unit_is_understood(string text, double milliseconds)
    {
        Assert.True(TimeoutText.TryParse(text, out var timeout));
        Assert.Equal(milliseconds, timeout.TotalMilliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("S")]
    [InlineData("5")]
    [InlineData("-5S")]
    [InlineData("5s")]
    [InlineData("123456789S")]
    [InlineData("1.5S")]
    [InlineData(" 5S")]
    public void What_is_no_timeout_is_refused(string text) => Assert.False(TimeoutText.TryParse(text, out _));

    [Fact]
    public void The_longest_one_is_no_overflow()
    {
        Assert.True(TimeoutText.TryParse("99999999H", out var timeout));
        Assert.True(timeout > TimeSpan.FromDays(365 * 1000));
        Assert.Equal("99999999H", TimeoutText.Format(TimeSpan.MaxValue)[^1..].Insert(0, "99999999"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(9_999)]
    [InlineData(50_000_000)]
    [InlineData(36_000_000_001)]
    [InlineData(8_640_000_000_007)]
    public void A_written_one_is_never_shorter_and_hardly_longer(long ticks)
    {
        var timeout = TimeSpan.FromTicks(ticks);
        Assert.True(TimeoutText.TryParse(TimeoutText.Format(timeout), out var read));
        Assert.InRange(read.Ticks, Math.Max(ticks, 1), Math.Max(ticks, 1) + ticks / 10_000 + 1);
    }
}
