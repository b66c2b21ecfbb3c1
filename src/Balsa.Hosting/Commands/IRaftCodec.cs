using System.Buffers;

namespace Balsa.Hosting.Commands;

/// <summary>
/// How commands and results become bytes. What was written must be readable by every later build, because it lies in logs.
/// </summary>
public interface IRaftCodec
{
    void Write<T>(IBufferWriter<byte> into, T value);

    T Read<T>(ReadOnlySpan<byte> bytes);
}
