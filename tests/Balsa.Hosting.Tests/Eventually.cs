using System.Diagnostics;

namespace Balsa.Hosting.Tests;

internal static class Eventually
{
    /// <summary>Looks again and again until it holds; fails with the last thing seen.</summary>
    internal static async Task HoldsAsync<T>(Func<Task<T>> look, Func<T, bool> holds, int seconds = 60)
    {
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            var seen = await look();
            if (holds(seen)) return;
            Assert.True(Stopwatch.GetElapsedTime(since).TotalSeconds < seconds, $"It still was {seen}.");
            await Task.Delay(20);
        }
    }
}
