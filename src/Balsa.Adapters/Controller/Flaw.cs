namespace Balsa.Adapters.Controller;

/// <summary>Why a datagram is not answered.</summary>
public enum Flaw
{
    None = 0,

    /// <summary>No UTF-8, no JSON, cut off, or nested too deep.</summary>
    NotJson,

    /// <summary>JSON, but a list or a bare value.</summary>
    NotAnObject,

    /// <summary>There is no request in it, or one that is neither a word nor a number.</summary>
    NoRequest,
    UnknownRequest,

    /// <summary>It is itself an answer.</summary>
    IsAnswer,

    /// <summary>Something that only members say to each other.</summary>
    FromMember,
}
