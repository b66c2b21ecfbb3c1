using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Store;

namespace Balsa.KeyValue.Tests.Store;

public sealed class TreeTests
{
    /// <summary>Enough keys for several levels, in and out again in every order, against an ordered dictionary.</summary>
    [Theory]
    [InlineData(1, "random")]
    [InlineData(2, "ascending")]
    [InlineData(3, "descending")]
    [InlineData(4, "long prefixes")]
    [InlineData(5, "waves")]
    [Row("S4-07")]
    public void Keys_come_and_go_and_stay_in_order(int seed, string pattern)
    {
        var random = new Random(seed);
        var driver = new StoreDriver<NoStoreProbe>();
        var model = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (var step = 0; step < 40_000; step++)
        {
            var key = KeyOf(pattern, step, random);
            if (pattern == "waves" ? step / 5000 % 2 == 0 : random.Next(10) < 6)
            {
                var put = driver.Put(key, $"v{step}", options: PutOptions.ReturnPrevious);
                Assert.Equal(model.GetValueOrDefault(key), put.Values is [var old] ? Text(old.Value) : null);
                model[key] = $"v{step}";
            }
            else
            {
                Assert.Equal(model.Remove(key) ? 1 : 0, driver.Delete(key).Count);
            }

            if (random.Next(500) == 0) driver.Compact(driver.Store.Revision);
            if (random.Next(50) == 0) driver.Store.Work(random.Next(200));
            if (random.Next(20) == 0) driver.Store.Publish(ReaderFloor.None);
            if (step % 1000 == 0) Compare(driver, model, random);
        }

        foreach (var key in model.Keys.ToList()) driver.Delete(key);
        model.Clear();
        driver.Compact(driver.Store.Revision);
        while (driver.Store.Work(100)) driver.Store.Publish(ReaderFloor.None);
        driver.Store.Publish(ReaderFloor.None);
        while (driver.Store.Work(100)) driver.Store.Publish(ReaderFloor.None);
        for (var i = 0; i < 1000; i++) driver.Store.Publish(ReaderFloor.None);
        Compare(driver, model, random);
        Assert.Equal(0, driver.Store.Keys);
        Assert.InRange(driver.Store.Memory.Records.UsedBytes, 0, 100_000);
        Assert.InRange(driver.Store.Memory.Pages.UsedBytes, 0, 100_000);
    }

    private static byte[] Bytes(string text) => StoreDriver<NoStoreProbe>.Bytes(text);

    private static string Text(byte[] bytes) => StoreDriver<NoStoreProbe>.Text(bytes);

    private static string KeyOf(string pattern, int step, Random random) => pattern switch
    {
        "ascending" => random.Next(3) == 0 ? $"{random.Next(step + 1):D8}" : $"{step:D8}",
        "descending" => random.Next(3) == 0 ? $"{100_000 - random.Next(step + 1):D8}" : $"{100_000 - step:D8}",
        "long prefixes" => string.Concat(
            new string('p', random.Next(3) * 40), new string('\0', random.Next(3)), $"{random.Next(3000)}",
            new string('\xff', random.Next(2))),
        "waves" => $"/registry/pods/{step % 5000 * 7919 % 5000}",
        _ => $"{random.Next(8000)}",
    };

    private static void Compare(StoreDriver<NoStoreProbe> driver, SortedDictionary<string, string> model, Random random)
    {
        var view = driver.Store.Publish(ReaderFloor.None);
        var all = driver.Range(new RangeQuery { Key = "\0"u8, End = "\0"u8 }, view);
        Assert.Equal(model.Select(pair => (pair.Key, pair.Value)),
            all.Values.Select(v => (Text(v.Key), Text(v.Value))));
        Assert.Equal(model.Count, driver.Store.Keys);
        var keys = model.Keys.ToList();
        for (var i = 0; i < 20; i++)
        {
            var from = keys.Count == 0 ? "a" : keys[random.Next(keys.Count)] + (random.Next(2) == 0 ? "\0" : "");
            var to = keys.Count == 0 ? "b" : keys[random.Next(keys.Count)];
            var limit = random.Next(5);
            var part = driver.Range(new RangeQuery { Key = Bytes(from), End = Bytes(to), Limit = limit }, view);
            var expected = keys.Where(key => string.CompareOrdinal(key, from) >= 0 && string.CompareOrdinal(key, to) < 0).ToList();
            Assert.Equal(expected.Count, part.Count);
            Assert.Equal(limit > 0 ? expected.Take(limit) : expected, part.Values.Select(v => Text(v.Key)));
        }
    }
}
