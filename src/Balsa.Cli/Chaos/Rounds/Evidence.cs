using Balsa.Cli.CommandLine;
using Balsa.Simulation.Judging.Histories;

namespace Balsa.Cli.Chaos.Rounds;

/// <summary>What a broken campaign leaves behind is evidence; what a good one leaves is litter.</summary>
internal static class Evidence
{
    internal static void Keep(Output output, string folder, CampaignReport report, History campaign)
    {
        if (report.Holds)
        {
            Directory.Delete(folder, recursive: true);
            return;
        }

        var history = Path.Combine(folder, "history.jsonl");
        File.WriteAllLines(history, HistoryWriter.Lines(campaign));
        output.Message($"kept: {folder} with the data and the logs of all nodes; judge again with: balsa check {history}");
    }
}
