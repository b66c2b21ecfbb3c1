namespace Balsa.Storage.Steps;

/// <summary>Why a step failed, as far as it matters for what to do about it.</summary>
public enum DiskError : byte
{
    None = 0,

    /// <summary>The device failed. Nobody knows what it holds.</summary>
    Io,

    /// <summary>The file system or the quota is full.</summary>
    NoSpace,

    /// <summary>The file system is mounted for reading only, or became so after an error.</summary>
    ReadOnly,

    /// <summary>The rights do not suffice.</summary>
    Denied,

    /// <summary>There is no such file.</summary>
    NotFound,

    /// <summary>Too many open files, here or in the whole system.</summary>
    TooManyFiles,

    /// <summary>Another process holds it.</summary>
    InUse,

    /// <summary>Anything else.</summary>
    Other,
}
