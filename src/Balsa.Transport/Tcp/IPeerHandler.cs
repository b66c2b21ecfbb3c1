using Balsa.Raft.Identity;
using Balsa.Transport.Codec;

namespace Balsa.Transport.Tcp;

/// <summary>What the network tells its member. Called by many threads; none of these may block.</summary>
public interface IPeerHandler
{
    /// <summary>Who we are and how far we are, at this moment. Asked for each connection.</summary>
    Hello Greet();

    HelloVerdict Judge(in PeerHello hello);

    void Receive(in Origin origin, IncomingMessage message);

    /// <summary>The connection to the peer broke: what was sent lately is in doubt.</summary>
    void Lose(MemberId peer);

    /// <summary>A peer does not take our word. Said once for each new verdict.</summary>
    void BeRefused(MemberId by, HelloVerdict verdict);

    /// <summary>A line for the operator.</summary>
    void Note(string line);
}
