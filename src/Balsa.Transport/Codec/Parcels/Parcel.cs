namespace Balsa.Transport.Codec.Parcels;

/// <summary>
/// What members say to each other beside the messages of the core. A closed family: each kind knows its fields and what
/// makes no sense in them.
/// </summary>
public abstract record Parcel
{
    private protected Parcel()
    {
    }

    public abstract ParcelKind Kind { get; }

    /// <summary>The kind of connection that carries it; on any other it is out of place.</summary>
    public abstract LinkPurpose Link { get; }

    /// <summary>Exactly what <see cref="Write"/> writes.</summary>
    internal abstract long FieldBytes { get; }

    internal abstract void Write(ref ParcelWriter fields);
}
