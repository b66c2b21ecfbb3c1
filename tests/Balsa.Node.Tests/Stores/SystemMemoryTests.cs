using System.Globalization;
using Balsa.Node.Stores;

namespace Balsa.Node.Tests.Stores;

/// <summary>Alone, because what other tests take meanwhile is memory of the same process.</summary>
[CollectionDefinition(nameof(SystemMemoryTests), DisableParallelization = true)]
public sealed class SystemMemoryAlone;

[Collection(nameof(SystemMemoryTests))]
public sealed class SystemMemoryTests
{
    private const int Words = 1 << 15;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(511)]
    [InlineData(513)]
    [InlineData(Words)]
    public void An_array_whose_content_was_discarded_is_still_usable(int words)
    {
        var (array, before, behind) = (Filled(words), Filled(words), Filled(words));
        for (var round = 0; round < 3; round++)
        {
            SystemMemory.Discard(array);
            for (var i = 0; i < words; i++) array[i] = (ulong)(i * 3 + round);
            GC.Collect();
            for (var i = 0; i < words; i++) Assert.Equal((ulong)(i * 3 + round), array[i]);
        }

        Assert.Equal(Filled(words), before);
        Assert.Equal(Filled(words), behind);
    }

    [Fact]
    public void Memory_goes_back_to_the_system()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux says how much of a process is in memory");
        const long bytes = 64L << 20, least = bytes * 3 / 4;
        var arrays = Enumerable.Range(0, (int)(bytes / sizeof(ulong) / Words)).Select(_ => Filled(Words)).ToArray();
        var full = ResidentBytes();
        foreach (var array in arrays) SystemMemory.Discard(array);
        var empty = ResidentBytes();
        Assert.True(full - empty > least, $"{full >> 20} MiB before, {empty >> 20} MiB after");
        foreach (var array in arrays) Array.Fill(array, 1UL);
        var again = ResidentBytes();
        Assert.True(again - empty > least, $"{empty >> 20} MiB before, {again >> 20} MiB after");
        GC.KeepAlive(arrays);
    }

    private static ulong[] Filled(int words)
    {
        var array = new ulong[words];
        for (var i = 0; i < words; i++) array[i] = (ulong)i + 1;
        return array;
    }

    /// <summary>What /proc says of this process, in kB on its line.</summary>
    private static long ResidentBytes()
    {
        var line = File.ReadLines("/proc/self/status").Single(text => text.StartsWith("VmRSS:", StringComparison.Ordinal));
        var number = line.AsSpan("VmRSS:".Length, line.Length - "VmRSS:kB".Length);
        return long.Parse(number, NumberStyles.Any, CultureInfo.InvariantCulture) << 10;
    }
}
