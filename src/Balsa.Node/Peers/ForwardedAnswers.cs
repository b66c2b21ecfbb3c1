using Balsa.Raft.Effects;
using Balsa.Replica;
using Balsa.Replica.Contracts;
using Balsa.Transport.Codec.Parcels.Forwarding;

namespace Balsa.Node.Peers;

/// <summary>Answers to forwarded writes, as they travel.</summary>
public static class ForwardedAnswers
{
    public static ForwardAnswer Write(ForwardedAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        var told = answer.Answer;
        var result = told.Result as byte[];
        return new ForwardAnswer(
            answer.Number, told.Outcome, told.Leader, told.Entry, (byte)told.Shortage, result ?? [], HasResult: result is not null);
    }

    public static ForwardedAnswer Read(ForwardAnswer parcel)
    {
        ArgumentNullException.ThrowIfNull(parcel);
        // A leader of a later build may be short of something that this one has no name for.
        var shortage = (Shortage)parcel.Shortage is var known && Enum.IsDefined(known) ? known : Shortage.None;
        // "Done" without the answer it gave could not be told to the client.
        var isMute = parcel is { Outcome.Verdict: Verdict.Done, HasResult: false };
        var outcome = isMute ? Outcome.Unknown(Reason.LeadershipLost) : parcel.Outcome;
        return new ForwardedAnswer(
            parcel.Number, new ReplicaAnswer(outcome, parcel.Entry, parcel.Leader, parcel.HasResult ? parcel.Result : null, shortage));
    }
}
