using Balsa.Storage.Steps;

namespace Balsa.Simulation.Disks.Snapshots;

/// <summary>The places of the code that only snapshots come by.</summary>
internal static class SnapshotSites
{
    internal static IReadOnlyList<IoSite> All { get; } = Pick();

    private static List<IoSite> Pick()
    {
        var sites = new List<IoSite>();
        for (var site = IoSite.CreateSnapshot; site <= IoSite.SyncPrunedNames; site++) sites.Add(site);
        return sites;
    }
}
