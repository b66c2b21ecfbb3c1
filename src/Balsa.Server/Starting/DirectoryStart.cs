using System.Net.Sockets;
using Balsa.Node;
using Balsa.Node.Founding;
using Balsa.Raft.Identity;
using Balsa.Raft.Membership;
using Balsa.Storage;
using Balsa.Storage.Opening;
using Balsa.Storage.Disks;
using Balsa.Transport.Tcp;

namespace Balsa.Server.Starting;

/// <summary>From a directory to one that belongs to a member: founds or joins a cluster when it is empty.</summary>
internal sealed class DirectoryStart(NodeOptions options, Action<string> note)
{
    /// <summary>Enough for what peers say before they have a cluster.</summary>
    private const int FoundingBytesMax = 512 * 1024;

    /// <exception cref="NodeStartException">What is wrong, why, and what to do.</exception>
    internal async Task<OpenedMember> OpenAsync(CancellationToken stop)
    {
        try
        {
            var founded = await FindClusterAsync(stop);
            var directory = DataDirectory.Open(new OpeningOptions
            {
                Path = options.DataDirectory, Wal = options.Wal,
                Owner = founded.Record is { } record ? new DirectoryIdentity(record.Cluster, founded.Member, founded.Incarnation) : null,
                Founding = founded is { IsFounder: true, Record.Configuration: var members } ? members : Configuration.Empty,
            });
            Tell(directory);
            return new OpenedMember(directory, founded);
        }
        catch (Exception problem) when (problem is StorageException or UnauthorizedAccessException or IOException)
        {
            throw new NodeStartException(
                $"the node cannot use {options.DataDirectory}.", problem.Message, $"balsa doctor data {options.DataDirectory}", problem);
        }
    }

    private async Task<FoundingNote> FindClusterAsync(CancellationToken stop)
    {
        var asksForReplacement = options.AutoReplaceWiped;
        while (true)
        {
            try
            {
                // The lock is given back before the directory is opened: whoever took it in between finds the same note.
                using var directory = FoundingDirectory.Open(options.DataDirectory);
                // Directories of earlier versions have an identity and no note.
                if (directory is { HasIdentity: true, Noted: null }) return FoundingNote.Draft(default);
                return await new FoundingRun(directory, options.Founding, Network(), note).RunAsync(stop);
            }
            catch (WipedDirectoryException wiped) when (asksForReplacement)
            {
                asksForReplacement = false;
                note($"replace-wiped: {wiped.Message} Asking {wiped.ClientUrls} for another member in its place");
                await Replacement.AskAsync(wiped.ClientUrls, options.Founding, stop);
            }
            catch (SocketException taken)
            {
                throw new NodeStartException(
                    $"the node cannot listen on {options.ListenPeer} for its peers.", taken.Message,
                    "choose another port, or stop what uses it", taken);
            }
        }
    }

    private PeerNetworkOptions Network() => options.PeerLinks(new PeerNetworkOptions
    {
        Cluster = 0, Self = MemberId.None, Group = default, Listen = options.ListenPeer, BodyBytesMax = FoundingBytesMax,
    });

    private void Tell(DataDirectory directory)
    {
        if (StorageMedium.WarningFor(directory.Path) is { } warning) note($"warning: {warning}");
        var log = directory.Log;
        if (log.CutBytes > 0) note("cut an unfinished batch off the log; nobody had been told that it was stored");
        if (log.Damage is { } damage) note($"the log is damaged: {damage.File} at byte {damage.Offset}: {damage.What}");
        if (log.Lost is not { } lost) return;
        note(lost.HardStateIsLost
            ? "term or vote is lost: this directory never votes or counts again; replace this member"
            : $"entries from {lost.First} on are missing and are fetched from the others; until then this member does not count");
    }
}
