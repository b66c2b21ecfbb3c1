using Balsa.Raft.Identity;
using Balsa.Transport.Codec;
using Balsa.Transport.Codec.Parcels;
using Balsa.Transport.Codec.Parcels.Founding;

namespace Balsa.Transport.Tcp;

/// <summary>What the network tells its member. Called by many threads; none of these may block.</summary>
public interface IPeerHandler
{
    /// <summary>Who we are and how far we are, at this moment. Asked for each connection.</summary>
    Hello Greet();

    /// <summary>Asked about each link of a member, and not about founding calls.</summary>
    HelloVerdict Judge(in PeerHello hello);

    void Receive(in Origin origin, IncomingMessage message);

    /// <summary>Parcels of one link come in their order; those of two links overtake each other.</summary>
    void Receive(in Origin origin, Parcel parcel);

    /// <summary>A peer asks about founding, or brings the record. Null hangs up.</summary>
    ValueTask<FoundingAnswer?> AnswerAsync(Parcel asked, CancellationToken stop);

    /// <summary>The consensus link to the peer broke: what was sent lately is in doubt.</summary>
    void Lose(MemberId peer);

    /// <summary>A peer does not take our word. Said once for each new verdict, by each link.</summary>
    void BeRefused(MemberId by, HelloVerdict verdict);

    /// <summary>A line for the operator.</summary>
    void Note(string line);
}
