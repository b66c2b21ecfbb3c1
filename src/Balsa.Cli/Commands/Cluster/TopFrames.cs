using System.Diagnostics;
using System.Globalization;
using Balsa.Cli.Clients;

namespace Balsa.Cli.Commands.Cluster;

/// <summary>What `balsa top` shows: the status, and what changed since the frame before.</summary>
internal sealed class TopFrames
{
    private const int RatesMax = 30, EventsMax = 5;
    private const string Levels = "▁▂▃▄▅▆▇█";
    private readonly Queue<double> _rates = new();
    private readonly Queue<string> _events = new();
    private ClusterView? _before;
    private long _at;

    public int Count { get; private set; }

    /// <summary>How fast the revision of the store grows; null before the second frame.</summary>
    public double? WritesPerSecond { get; private set; }

    public IReadOnlyList<string> Next(ClusterView view)
    {
        var now = Stopwatch.GetTimestamp();
        if (_before is { } before)
        {
            var grown = Math.Max(0, RevisionOf(view) - RevisionOf(before));
            WritesPerSecond = grown / Stopwatch.GetElapsedTime(_at, now).TotalSeconds;
            Keep(_rates, WritesPerSecond.Value, RatesMax);
            Compare(before, view);
        }

        (_before, _at, Count) = (view, now, Count + 1);
        var lines = StatusPage.Lines(view).ToList();
        if (WritesPerSecond is { } rate)
            lines.Insert(2, string.Create(CultureInfo.InvariantCulture, $"  writes {rate:0}/s  {Spark(_rates)}"));
        if (_events.Count > 0) lines.Add("");
        lines.AddRange(_events.Select(line => "  " + line));
        return lines;
    }

    internal static string Spark(IReadOnlyCollection<double> rates)
    {
        var most = rates.Max();
        return string.Concat(rates.Select(rate => Levels[most > 0 ? (int)Math.Round(rate / most * (Levels.Length - 1)) : 0]));
    }

    private void Compare(ClusterView before, ClusterView view)
    {
        foreach (var member in view.Members)
        {
            var (was, isUp) = (before.Answers.ContainsKey(member.Id), view.Answers.ContainsKey(member.Id));
            if (was && !isUp) Tell($"✕ {member.Name} went down: {view.Silent.GetValueOrDefault(member.Client, "no answer")}");
            if (!was && isUp) Tell($"● {member.Name} is up");
        }

        if (view.Leader is { } leader && (leader.Name, leader.Term) != (before.Leader?.Name, before.Leader?.Term ?? 0))
            Tell($"★ {leader.Name} leads term {leader.Term}");
    }

    private void Tell(string text) =>
        Keep(_events, $"{DateTime.Now.ToString("HH:mm:ss", CultureInfo.InvariantCulture)} {text}", EventsMax);

    private static void Keep<T>(Queue<T> all, T next, int max)
    {
        all.Enqueue(next);
        if (all.Count > max) all.Dequeue();
    }

    private static long RevisionOf(ClusterView view) => view.Answers.Values.Select(node => node.Revision).DefaultIfEmpty().Max();
}
