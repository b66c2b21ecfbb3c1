using Balsa.Raft.Identity;
using Balsa.Transport.Codec;
using Balsa.Transport.Codec.Parcels;
using Balsa.Transport.Codec.Parcels.Founding;
using Balsa.Transport.Tcp;

namespace Balsa.Node.Founding;

/// <summary>The network of a member that has no cluster: it takes founding calls, and no others come.</summary>
internal sealed class FoundingHandler(Func<Parcel, FoundingAnswer?> answer, Func<FoundingRecord, FoundingAnswer> offer, Action<string> note)
    : IPeerHandler
{
    public Hello Greet() => default;

    public HelloVerdict Judge(in PeerHello hello) => HelloVerdict.NotFounded;

    public void Receive(in Origin origin, IncomingMessage message)
    {
        // Nobody was welcomed who could say anything.
    }

    public void Receive(in Origin origin, Parcel parcel)
    {
        // Nobody was welcomed who could say anything.
    }

    public ValueTask<FoundingAnswer?> AnswerAsync(Parcel asked, CancellationToken stop) =>
        new(asked is FoundingRecord record ? offer(record) : answer(asked));

    public void Lose(MemberId peer)
    {
        // There are no links that could break.
    }

    public void BeRefused(MemberId by, HelloVerdict verdict)
    {
        // There are no links that could be refused.
    }

    /// <summary>Members of the cluster that is to be call before we know them; that is no news.</summary>
    public void Note(string line)
    {
        if (!line.EndsWith(nameof(HelloVerdict.NotFounded), StringComparison.Ordinal)) note(line);
    }
}
