using System.Buffers.Binary;
using Balsa.Replica.Contracts;

namespace Balsa.Simulation.FullWorld.Builds;

/// <summary>Takes the sum from the front, and leaves the rest to the restore of the last build.</summary>
internal sealed class TallyRestore(IStateRestore rest) : IStateRestore
{
    private readonly byte[] _first = new byte[sizeof(ulong)];
    private int _filled;

    internal IStateRestore Rest => rest;

    internal ulong Tally => BinaryPrimitives.ReadUInt64LittleEndian(_first);

    public string? Problem => _filled < _first.Length ? "it ends before the sum" : rest.Problem;

    public bool TryTake(ReadOnlySpan<byte> content)
    {
        var taken = Math.Min(content.Length, _first.Length - _filled);
        content[..taken].CopyTo(_first.AsSpan(_filled));
        _filled += taken;
        return taken == content.Length || rest.TryTake(content[taken..]);
    }

    public bool TryFinish() => _filled == _first.Length && rest.TryFinish();
}
