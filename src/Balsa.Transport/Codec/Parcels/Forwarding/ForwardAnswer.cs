using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;

namespace Balsa.Transport.Codec.Parcels.Forwarding;

/// <summary>What became of a forwarded write.</summary>
/// <param name="Leader">Whom to ask instead, as far as the answering member knows.</param>
/// <param name="Shortage">What it was refused for want of; the host knows the values.</param>
/// <param name="HasResult">False when the state machine gave no answer; then <paramref name="Result"/> is empty.</param>
public sealed record ForwardAnswer(
    ulong Number, Outcome Outcome, MemberId Leader, EntryId Entry, byte Shortage, byte[] Result, bool HasResult) : Parcel
{
    public override ParcelKind Kind => ParcelKind.ForwardAnswer;

    public override LinkPurpose Link => LinkPurpose.Consensus;

    internal override long FieldBytes => 8 + 2 + 8 + ParcelWriter.IdBytes + 2 + ParcelWriter.LengthBytes + (long)Result.Length;

    internal override void Write(ref ParcelWriter fields)
    {
        fields.Number(Number);
        fields.Byte((byte)Outcome.Verdict);
        fields.Byte((byte)Outcome.Reason);
        fields.Number(Leader.Value);
        fields.Id(Entry);
        fields.Byte(Shortage);
        fields.Flag(HasResult);
        fields.Bytes(Result);
    }

    internal static ForwardAnswer? Read(ref ParcelReader fields)
    {
        var number = fields.Number();
        var outcome = new Outcome((Verdict)fields.Byte(), (Reason)fields.Byte());
        var (leader, entry, shortage) = (new MemberId(fields.Number()), fields.Id(), fields.Byte());
        var hasResult = fields.Flag();
        var read = new ForwardAnswer(number, outcome, leader, entry, shortage, fields.Bytes(), hasResult);
        if (!Enum.IsDefined(outcome.Verdict) || !Enum.IsDefined(outcome.Reason)) return null;
        return hasResult || read.Result.Length == 0 ? read : null;
    }
}
