using Balsa.Transport.Codec.Parcels.Founding;

namespace Balsa.Node.Founding;

/// <summary>Why a member with an empty directory cannot start, for its operator.</summary>
internal static class FoundingRefusals
{
    internal static NodeStartException NoPlace(FoundingOptions options, string peer, FoundingAnswer answer) => new(
        $"{options.Name} has no place in cluster {answer.Cluster:x}.",
        $"{peer} belongs to it, and its members are {answer.Peers}; none of them is at {options.PeerUrls}.",
        $"balsa member add {options.Name} --peer-urls {options.PeerUrls} --endpoints {answer.Answerer.ClientUrls}");

    internal static NodeStartException Wiped(FoundingOptions options, string member, string peer, FoundingAnswer answer) => new(
        $"the data directory is empty, and {member} of cluster {answer.Cluster:x} at {options.PeerUrls} has had one.",
        $"{peer} says so. What {member} promised to the others was lost with its directory, so an empty one must not take its place.",
        $"balsa member replace {member} --endpoints {answer.Answerer.ClientUrls}");
}
