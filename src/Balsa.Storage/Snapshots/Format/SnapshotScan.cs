using Balsa.Raft;
using Balsa.Raft.Log;
using Balsa.Storage.Probes;

namespace Balsa.Storage.Snapshots.Format;

/// <summary>
/// Checks a file piece by piece, whoever brings the pieces: a disk or the network. It says how long the next piece is and
/// believes nothing in it before its checksum; so a damaged length is never followed, and memory stays at one block.
/// </summary>
internal sealed class SnapshotScan<TProbe>(string file, SnapshotIdentity expected)
    where TProbe : struct, IStorageProbe
{
    private enum Piece : byte
    {
        HeadStart, HeadRest, BlockHeader, BlockData, Nothing,
    }

    private Piece _next;
    private HeadCodec _start;
    private SnapshotChain _chain;
    private BlockHeader _header;
    private uint _headerChecksum;
    private bool _lastWasShort;

    internal SnapshotHead? Head { get; private set; }

    internal SnapshotProblem? Problem { get; private set; }

    /// <summary>The end block was found, and everything before it fits.</summary>
    internal bool IsWhole => _next == Piece.Nothing && Problem is null;

    /// <summary>How much is checked: always up to the end of the head or of a block.</summary>
    internal long CheckedBytes => _chain.Position;

    /// <summary>Vouches for the checked bytes.</summary>
    internal uint Checksum => _chain.Checksum;

    internal bool IsAtBorder => _next is Piece.BlockHeader or Piece.Nothing || Offset == 0;

    /// <summary>Where the next piece begins.</summary>
    internal long Offset => _next switch
    {
        Piece.HeadRest => HeadCodec.StartBytes,
        Piece.BlockData => _chain.Position + BlockHeader.Bytes,
        _ => _chain.Position,
    };

    /// <summary>How long the next piece is; 0 behind the end.</summary>
    internal int Needs => _next switch
    {
        Piece.HeadStart => HeadCodec.StartBytes,
        Piece.HeadRest => _start.RestBytes,
        Piece.BlockHeader => BlockHeader.Bytes,
        Piece.BlockData => BlockHeader.Padded((int)_header.Length),
        _ => 0,
    };

    /// <summary>How much of the piece just taken is content.</summary>
    internal int ContentBytes { get; private set; }

    /// <summary>Takes a piece of exactly the length needed. False with a <see cref="Problem"/> when it is not what must be there.</summary>
    internal bool Take(ReadOnlySpan<byte> piece, bool trustsData = false)
    {
        Invariant.Check(Problem is null && Needs > 0 && piece.Length == Needs);
        ContentBytes = 0;
        var wrong = _next switch
        {
            Piece.HeadStart => TakeHeadStart(piece),
            Piece.HeadRest => TakeHeadRest(piece),
            Piece.BlockHeader => TakeHeader(piece),
            _ => TakeData(piece, trustsData),
        };
        if (wrong is not null) Problem ??= Damage(wrong);
        return wrong is null;
    }

    /// <summary>The file ended where a piece is missing.</summary>
    internal void OnFileEnd(long found)
    {
        if (default(TProbe).Plants(StorageMutant.SnapshotEndUnchecked) && _next == Piece.BlockHeader) _next = Piece.Nothing;
        else Problem = Damage($"the file ends after {found} of {Needs} bytes");
    }

    /// <summary>The file goes on behind its end.</summary>
    internal void OnTrailing(long bytes) => Problem = Damage($"{bytes} bytes follow the end");

    /// <summary>Forgets what was wrong, and goes back to the end of what is checked.</summary>
    internal void GoBackToBorder()
    {
        Problem = null;
        if (_next is Piece.HeadRest) _next = Piece.HeadStart;
        else if (_next is Piece.BlockData) _next = Piece.BlockHeader;
    }

    private string? TakeHeadStart(ReadOnlySpan<byte> piece)
    {
        if (HeadCodec.ReadStart(piece, out var start, out var version) is { } wrong)
        {
            if (version != 0 && version != HeadCodec.Version)
                Problem = new SnapshotProblem(SnapshotProblemKind.UnknownVersion, file, wrong);
            return wrong;
        }
        if ((start.Identity.Group, start.Identity.Cluster) != (expected.Group, expected.Cluster))
        {
            wrong = $"it is a {start.Identity}, and this is cluster {expected.Cluster:x16}, {expected.Group}";
            Problem = new SnapshotProblem(SnapshotProblemKind.Foreign, file, wrong);
            return wrong;
        }
        if (start.Identity.Id != expected.Id) return $"it holds snapshot {start.Identity.Id} under the name of {expected.Id}";
        _start = start;
        _next = Piece.HeadRest;
        return null;
    }

    private string? TakeHeadRest(ReadOnlySpan<byte> piece)
    {
        if (_start.ReadRest(piece, out var head, out var checksum) is { } wrong) return wrong;
        Head = head;
        _chain = new SnapshotChain(expected, HeadCodec.StartBytes + piece.Length, checksum);
        _next = Piece.BlockHeader;
        return null;
    }

    private string? TakeHeader(ReadOnlySpan<byte> piece)
    {
        if (!_chain.TryRead(piece, out var header, out var checksum)) return "the header does not match its checksum";
        if (header.Number != _chain.Blocks) return $"it says that it is block {header.Number}";
        if (header.Chain != _chain.Checksum) return "it does not follow the block before it";
        var isPossible = header.Kind switch
        {
            BlockKind.Data => header.Length > 0 && header.Length <= (uint)_start.BlockBytes && !_lastWasShort,
            BlockKind.End => header.Length == SnapshotChain.EndDataBytes,
            _ => false,
        };
        if (!isPossible) return $"a block of kind {(uint)header.Kind} and {header.Length} bytes cannot be here";
        (_header, _headerChecksum) = (header, checksum);
        _next = Piece.BlockData;
        return null;
    }

    private string? TakeData(ReadOnlySpan<byte> piece, bool trusts)
    {
        var length = (int)_header.Length;
        trusts |= default(TProbe).Plants(StorageMutant.SnapshotBlockUnchecked);
        if (!trusts && Crc32C.Of(piece[..length]) != _header.DataChecksum) return "the data does not match its checksum";
        if (!trusts && piece[length..].ContainsAnyExcept((byte)0)) return "the padding is not zero";
        if (_header.Kind == BlockKind.End && !_chain.IsEnd(piece)) return "the end does not describe what stands before it";
        if (_header.Kind == BlockKind.Data) ContentBytes = length;
        _lastWasShort = _header.Kind == BlockKind.Data && length < _start.BlockBytes;
        _chain.Pass(_header, _headerChecksum);
        _next = _header.Kind == BlockKind.End ? Piece.Nothing : Piece.BlockHeader;
        return null;
    }

    private SnapshotProblem Damage(string reason) => new(SnapshotProblemKind.Damaged, file, reason)
    {
        Block = Head is null ? -1 : (long)_chain.Blocks, Offset = Offset,
    };
}
