using Balsa.Raft.Identity;
using Balsa.Raft.Membership;

namespace Balsa.Transport.Codec.Parcels.Founding;

/// <summary>How a member that is not in any cluster yet describes itself: what the founding record will say of it.</summary>
public sealed record FoundingMember(string Name, string PeerUrls, string ClientUrls, Incarnation Incarnation, uint FeatureLevel)
{
    internal long FieldBytes =>
        12 + ParcelWriter.TextBytes(Name) + ParcelWriter.TextBytes(PeerUrls) + (long)ParcelWriter.TextBytes(ClientUrls);

    internal void Write(ref ParcelWriter fields)
    {
        fields.Number(Incarnation.Value);
        fields.Word(FeatureLevel);
        fields.Text(Name, ConfigurationRules.TextBytesMax);
        fields.Text(PeerUrls, ConfigurationRules.TextBytesMax);
        fields.Text(ClientUrls, ConfigurationRules.TextBytesMax);
    }

    internal static FoundingMember Read(ref ParcelReader fields)
    {
        var (incarnation, level) = (new Incarnation(fields.Number()), fields.Word());
        var (name, peers) = (fields.Text(ConfigurationRules.TextBytesMax), fields.Text(ConfigurationRules.TextBytesMax));
        return new FoundingMember(name, peers, fields.Text(ConfigurationRules.TextBytesMax), incarnation, level);
    }
}
