using System.Buffers.Binary;
using Balsa.Replica.Contracts;

namespace Balsa.Simulation.FullWorld.Builds;

/// <summary>The sum before the content of the last build.</summary>
internal sealed class TallyCapture(IStateCapture rest, ulong tally) : IStateCapture
{
    private bool _begun;

    public Action Ready
    {
        set => rest.Ready = value;
    }

    public int Read(Span<byte> into)
    {
        if (_begun) return rest.Read(into);
        _begun = true;
        BinaryPrimitives.WriteUInt64LittleEndian(into, tally);
        return sizeof(ulong);
    }

    public void Dispose() => rest.Dispose();
}
