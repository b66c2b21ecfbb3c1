using System.Buffers;

namespace Balsa.Hosting.Commands;

/// <summary>One kind of command, under the name and version that the log knows it by.</summary>
internal abstract class CommandType<TState>(string name, ushort version, Type type) where TState : class
{
    internal string Name => name;

    internal ushort Version => version;

    internal Type Type => type;

    /// <summary>As messages show it.</summary>
    public override string ToString() => $"{name} (version {version})";

    internal abstract void Write(IRaftCodec codec, IBufferWriter<byte> into, object command);

    /// <summary>Reads the command; running it comes later, because the two fail for different reasons.</summary>
    internal abstract Action<TState, ApplyContext, IBufferWriter<byte>> Read(IRaftCodec codec, ReadOnlySpan<byte> bytes);
}

internal sealed class CommandType<TState, TCommand, TResult>(string name, ushort version)
    : CommandType<TState>(name, version, typeof(TCommand))
    where TState : class
    where TCommand : ICommand<TState, TResult>
{
    internal override void Write(IRaftCodec codec, IBufferWriter<byte> into, object command) => codec.Write(into, (TCommand)command);

    internal override Action<TState, ApplyContext, IBufferWriter<byte>> Read(IRaftCodec codec, ReadOnlySpan<byte> bytes)
    {
        var command = codec.Read<TCommand>(bytes);
        return (state, context, result) => codec.Write(result, command.Apply(state, context));
    }
}
