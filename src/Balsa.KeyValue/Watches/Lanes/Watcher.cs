using System.Diagnostics.CodeAnalysis;
using Balsa.KeyValue.Store;

namespace Balsa.KeyValue.Watches.Lanes;

/// <summary>Where a watcher is: in exactly one of these.</summary>
internal enum WatcherPlace : byte
{
    /// <summary>It does not exist.</summary>
    Nowhere = 0,

    /// <summary>It has everything and gets what comes.</summary>
    Live,

    /// <summary>It lags, and nobody has looked yet how it may catch up.</summary>
    Fresh,

    /// <summary>It lags, and the scan of the past has not come to its revision.</summary>
    Waiting,

    /// <summary>It lags, and the scan feeds it.</summary>
    History,

    /// <summary>Its stream has no room.</summary>
    Parked,
}

internal enum WatcherReach : byte { OneKey, UpToEnd, NoEnd }

/// <summary>One watcher, in an array of them. Whatever it lags behind, it keeps no more than this.</summary>
internal struct Watcher
{
    public WatchStream? Stream;
    public long Id;

    /// <summary>It has every event before this revision, or does not want it. Kept up to date when it changes its place.</summary>
    public long Next;

    /// <summary>Key, then end.</summary>
    public byte[] Bytes;
    public int KeyLength;

    public int Seat;
    public int StreamSeat;
    public int Sweep;

    /// <summary>
    /// Found and not sent: the chain of finds, of how many revisions they are, about how many bytes, and how many events are read
    /// to send them.
    /// </summary>
    public int FirstFind;
    public int LastFind;
    public int Revisions;
    public int FoundBytes;
    public int FoundSpan;

    /// <summary>Links of the index that holds it. In the tree of ranges the last is the one with the farthest end below it.</summary>
    public int Left;
    public int Right;
    public int Farthest;

    public WatchOptions Options;
    public WatcherPlace Place;
    public WatcherReach Reach;
    public byte Height;
    public bool IsDue;

    /// <summary>Nothing was sent to it since the last time of notification.</summary>
    public bool IsQuiet;

    /// <summary>It asked for a revision that the live lane had not come to, and has seen nothing since.</summary>
    public bool StartsLater;

    [UnscopedRef] public ref int Earlier => ref Left;

    [UnscopedRef] public ref int Later => ref Right;

    [UnscopedRef] public ref int KeyNode => ref Farthest;

    public readonly ReadOnlySpan<byte> Key => Bytes.AsSpan(0, KeyLength);

    public readonly ReadOnlySpan<byte> End => Bytes.AsSpan(KeyLength);

    /// <summary>Whether a sign of progress may tell this revision: not before the one it asked to start with.</summary>
    public readonly long ProgressFrom => StartsLater ? Next : Next - 1;

    public readonly bool Has(WatchOptions option) => (Options & option) != WatchOptions.None;

    public readonly bool Wants(in Record record) => WantsKind(record.IsDelete) && Covers(record.Key);

    public readonly bool WantsKind(bool isDelete) => !Has(isDelete ? WatchOptions.NoDelete : WatchOptions.NoPut);

    public readonly bool EndsAfter(ReadOnlySpan<byte> key) => Reach == WatcherReach.NoEnd || End.SequenceCompareTo(key) > 0;

    private readonly bool Covers(ReadOnlySpan<byte> key)
    {
        if (Reach == WatcherReach.OneKey) return Key.SequenceEqual(key);
        return Key.SequenceCompareTo(key) <= 0 && EndsAfter(key);
    }
}
