using System.Diagnostics;
using Balsa.Simulation.Judging;
using Balsa.Simulation.Judging.Histories;

namespace Balsa.Simulation.Tests.Judging;

/// <summary>Histories of others whose verdicts are known: etcd under Jepsen, and Porcupine's key-value tests.</summary>
public sealed class KnownHistoryTests
{
    private const string Folder = "../shared/data/porcupine";

    [Fact]
    public void Each_known_history_gets_its_known_verdict()
    {
        var folder = Path.Combine(Root(), Folder);
        Assert.SkipUnless(Directory.Exists(folder), $"the known histories are missing: {Folder} beside the repository");
        var wrong = new List<string>();
        var lines = File.ReadAllLines(Path.Combine(folder, "VERDICTS.csv"));
        foreach (var line in lines.Skip(1).Where(line => line.Length > 0))
        {
            var cells = line.Split(',');
            var history = HistoryReader.Read(File.ReadLines(Path.Combine(folder, cells[0])));
            Assert.Equal(int.Parse(cells[2]), history.Operations.Count);
            // Patience only bounds a hang: the slowest takes a fraction of a second.
            var watch = Stopwatch.StartNew();
            var verdict = Judge.Decide(history, () => watch.Elapsed.TotalMinutes > 1).Verdict;
            var expected = cells[4] == "linearizable" ? Verdict.Linearizable : Verdict.NotLinearizable;
            if (verdict != expected) wrong.Add($"{cells[0]}: {verdict}");
        }

        Assert.Empty(wrong);
        Assert.True(lines.Length > 60, $"{lines.Length} lines");
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Balsa.slnx"))) folder = folder.Parent!;
        return folder.FullName;
    }
}
