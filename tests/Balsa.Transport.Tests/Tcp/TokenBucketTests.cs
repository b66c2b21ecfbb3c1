using Balsa.Transport.Tcp.Calling;

namespace Balsa.Transport.Tests.Tcp;

public sealed class TokenBucketTests
{
    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    [Fact]
    public void A_full_bucket_gives_a_tenth_of_a_second_at_once_and_then_the_rate()
    {
        var bucket = new TokenBucket(1000);
        Assert.Equal(TimeSpan.Zero, bucket.Take(100, Ms(5000)));
        Assert.Equal(Ms(50), bucket.Take(50, Ms(5000)));
        Assert.Equal(Ms(40), bucket.Take(10, Ms(5020)));
        Assert.Equal(TimeSpan.Zero, bucket.Take(0, Ms(5060)));
    }

    [Fact]
    public void It_fills_up_and_no_further()
    {
        var bucket = new TokenBucket(1000);
        bucket.Take(100, Ms(1000));
        Assert.Equal(TimeSpan.Zero, bucket.Take(100, Ms(9000)));
        Assert.Equal(Ms(1), bucket.Take(1, Ms(9000)));
    }

    [Fact]
    public void Who_takes_more_than_it_holds_waits_and_others_behind_it()
    {
        var bucket = new TokenBucket(1000);
        Assert.Equal(Ms(900), bucket.Take(1000, Ms(1000)));
        Assert.Equal(Ms(1000), bucket.Take(100, Ms(1000)));
        Assert.Equal(Ms(1), bucket.Take(1, Ms(2000)));
    }

    [Fact]
    public void Time_that_goes_back_gives_nothing()
    {
        var bucket = new TokenBucket(1000);
        bucket.Take(100, Ms(1000));
        Assert.Equal(Ms(10), bucket.Take(10, Ms(500)));
        Assert.Equal(TimeSpan.Zero, bucket.Take(0, Ms(1010)));
    }

    [Fact]
    public void Without_a_rate_nobody_waits() => Assert.Equal(TimeSpan.Zero, new TokenBucket(0).Take(int.MaxValue, Ms(1)));
}
