using Balsa.Raft.Log;

namespace Balsa.Transport.Codec.Parcels.Forwarding;

/// <summary>A client's write, handed by a follower to the leader of this term; no other leader may take it.</summary>
/// <param name="Number">Names the write among those of the sender's boot; the answer repeats it.</param>
/// <param name="Entry">The envelope and the command, as they go into the log.</param>
public sealed record Forward(ulong Number, Term Term, byte[] Entry) : Parcel
{
    public override ParcelKind Kind => ParcelKind.Forward;

    public override LinkPurpose Link => LinkPurpose.Consensus;

    internal override long FieldBytes => 16 + ParcelWriter.LengthBytes + (long)Entry.Length;

    internal override void Write(ref ParcelWriter fields)
    {
        fields.Number(Number);
        fields.Number(Term.Value);
        fields.Bytes(Entry);
    }

    internal static Forward? Read(ref ParcelReader fields)
    {
        var read = new Forward(fields.Number(), fields.Term(), fields.Bytes());
        return read.Entry.Length > 0 ? read : null;
    }
}
