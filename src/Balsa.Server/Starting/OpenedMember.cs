using Balsa.Node.Founding;
using Balsa.Storage;

namespace Balsa.Server.Starting;

/// <summary>A directory that belongs to a member of a cluster, open.</summary>
/// <param name="Note">How it came to its cluster.</param>
internal sealed record OpenedMember(DataDirectory Directory, FoundingNote Note)
{
    internal DirectoryIdentity Identity => Directory.Log.Identity;
}
