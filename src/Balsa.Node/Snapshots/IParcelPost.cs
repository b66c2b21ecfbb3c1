using Balsa.Raft.Identity;
using Balsa.Transport.Codec.Parcels;

namespace Balsa.Node.Snapshots;

/// <summary>The way to other members for what is not a message of the core. What cannot be sent is lost.</summary>
public interface IParcelPost
{
    /// <summary>Everything in the parcel is read before this returns.</summary>
    void Send(MemberId to, Parcel parcel);
}
