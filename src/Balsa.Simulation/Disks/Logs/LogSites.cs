using Balsa.Storage.Steps;

namespace Balsa.Simulation.Disks.Logs;

/// <summary>The places of the code that a directory and its log come by; those of snapshots are another subject's.</summary>
internal static class LogSites
{
    internal static IReadOnlyList<IoSite> All { get; } = Pick();

    /// <summary>The name of a spare is never synced: one that is gone after a crash is made again.</summary>
    private static List<IoSite> Pick()
    {
        var sites = new List<IoSite>();
        for (var site = IoSite.MakeDirectory; site <= IoSite.ReadEntries; site++)
            if (site != IoSite.SyncSpareName) sites.Add(site);
        sites.Add(IoSite.CloseFile);
        return sites;
    }
}
