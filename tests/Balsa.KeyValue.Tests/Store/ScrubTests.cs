using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Memory;
using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Store;

namespace Balsa.KeyValue.Tests.Store;

public sealed class ScrubTests
{
    [Fact]
    public void A_scrub_beside_writes_and_compactions_finds_the_hash_right()
    {
        var random = new Random(11);
        var driver = Filled(random);
        for (var round = 0; round < 5; round++)
        {
            var keys = driver.Store.Keys;
            var scrub = driver.Store.BeginScrub();
            while (scrub.Work(random.Next(1, 60)))
            {
                Change(driver, random);
                if (random.Next(5) == 0) driver.Compact(driver.Store.Revision);
                driver.Store.Work(100);
                driver.Store.Publish(ReaderFloor.None);
            }

            Assert.Equal((true, keys), (scrub.IsRight, scrub.Keys));
        }
    }

    [Fact]
    public void A_wrong_bit_in_a_live_value_is_found()
    {
        var driver = Filled(new Random(12));
        var reference = driver.Store.Memory.Keys.Reader.Find("1"u8);
        driver.Store.Memory.Records.Words(reference)[RecordCodec.HeadWords] ^= 1UL << 40;
        var scrub = driver.Store.BeginScrub();
        while (scrub.Work(100))
        {
            // To the end.
        }

        Assert.False(scrub.IsRight);
    }

    [Fact]
    public void A_sum_that_was_not_kept_up_to_date_is_found()
    {
        var driver = new StoreDriver<Forgetful>();
        driver.Put("a", "1");
        driver.Delete("a");
        var scrub = driver.Store.BeginScrub();
        Assert.False(scrub.Work(100));
        Assert.False(scrub.IsRight);
    }

    [Fact]
    public void A_scrub_that_is_given_up_holds_nothing_back()
    {
        var driver = Filled(new Random(13));
        var scrub = driver.Store.BeginScrub();
        scrub.Work(10);
        scrub.Close();
        Assert.Equal(long.MaxValue, driver.Store.Pins.Lowest);
        Assert.False(scrub.Work(10));
        Assert.Null(scrub.IsRight);
    }

    private static StoreDriver<NoStoreProbe> Filled(Random random)
    {
        var driver = new StoreDriver<NoStoreProbe>();
        driver.Put("1", "first");
        for (var i = 0; i < 2000; i++) Change(driver, random);
        driver.Put("1", "last of all");
        return driver;
    }

    private static void Change(StoreDriver<NoStoreProbe> driver, Random random)
    {
        var key = $"{random.Next(500)}";
        if (random.Next(4) == 0) driver.Delete(key);
        else driver.Put(key, new string('v', random.Next(40)));
    }

    private readonly struct Forgetful : IStoreProbe
    {
        public bool Plants(StoreMutant mutant) => mutant == StoreMutant.ContentHashForgetsDelete;
    }
}
