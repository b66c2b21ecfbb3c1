namespace Balsa.Transport.Codec;

/// <summary>Why bytes from a peer were refused. The connection is closed and the reason counted.</summary>
public enum FrameError : byte
{
    None = 0,

    /// <summary>The first bytes are not those of a Balsa peer.</summary>
    NotAPeer,
    DamagedHeader,
    UnknownKind,
    UnknownVersion,
    TooLarge,
    DamagedBody,
    MalformedBody,

    /// <summary>An entry's bytes do not fit its checksum.</summary>
    DamagedEntry,
    MalformedConfiguration,

    /// <summary>A frame of a kind that has no place here, such as a second hello.</summary>
    OutOfPlace,
}
