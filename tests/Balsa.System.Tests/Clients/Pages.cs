using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace Balsa.System.Tests.Clients;

/// <summary>What a node says over plain HTTP.</summary>
internal static class Pages
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(20) };

    /// <summary>Asks until the page is as wanted; fails with the last one at the deadline.</summary>
    internal static async Task WaitForAsync(string page, HttpStatusCode code, string text)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            using var answer = await Http.GetAsync(new Uri(page));
            var body = await answer.Content.ReadAsStringAsync();
            if (answer.StatusCode == code && body.Contains(text, StringComparison.Ordinal)) return;
            Assert.True(
                Stopwatch.GetElapsedTime(started) < Longest,
                string.Create(CultureInfo.InvariantCulture, $"{page} is {(int)answer.StatusCode}, not {(int)code} with {text}: {body}"));
        }
    }
}
