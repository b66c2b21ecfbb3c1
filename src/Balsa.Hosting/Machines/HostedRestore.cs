using Balsa.Hosting.Sessions;
using Balsa.Hosting.Snapshots;
using Balsa.Replica.Contracts;

namespace Balsa.Hosting.Machines;

/// <summary>A state that is read from a snapshot beside the one in use.</summary>
internal sealed class HostedRestore<TState>(IStateFormat<TState> format, ContentVersion content, ContentVersion known) : IStateRestore
    where TState : class
{
    private readonly Queue<byte[]> _pieces = new();
    private HostedState<TState>? _state;

    public string? Problem { get; private set; } = content == known
        ? null
        : $"it holds content of kind {content.Kind} in version {content.Version}; embedded states are kind {known.Kind}, "
            + $"version {known.Version}";

    internal HostedState<TState> State => _state ?? throw new InvalidOperationException("The state is not finished.");

    public bool TryTake(ReadOnlySpan<byte> bytes)
    {
        if (Problem is not null) return false;
        _pieces.Enqueue(bytes.ToArray());
        return true;
    }

    public bool TryFinish()
    {
        if (Problem is not null) return false;
        try
        {
            using var stream = new PieceStream(_pieces);
            using var reader = new BinaryReader(stream);
            var version = reader.ReadUInt32();
            var logTime = reader.ReadInt64();
            var sessions = SessionTable.Read(reader);
            _state = new HostedState<TState>(format.Load(stream, version), sessions, logTime);
            return true;
        }
        catch (Exception problem)
        {
            // Whatever the user's format throws: the snapshot is not what it can read.
            Problem = $"the state {typeof(TState).Name} cannot be read from it: {problem.Message}";
            return false;
        }
    }
}
