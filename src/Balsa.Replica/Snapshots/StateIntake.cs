using System.Buffers.Binary;
using Balsa.Replica.Contracts;

namespace Balsa.Replica.Snapshots;

/// <summary>Takes the content of a snapshot apart: the log time before it, the rest for the state machine.</summary>
public sealed class StateIntake(IStateMachine machine)
{
    private readonly byte[] _preface = new byte[CaptureBuffer.PrefaceBytes];
    private int _filled;

    /// <summary>The state that is being built, once it is known what the content is.</summary>
    internal IStateRestore? State { get; private set; }

    internal long LogTime { get; private set; }

    public string? Problem => State is null ? "nothing was read" : State.Problem;

    /// <summary>Before the first bytes.</summary>
    public void Begin(ContentVersion content) => (State, _filled) = (machine.BeginRestore(content), 0);

    /// <summary>Takes the next bytes, cut anywhere; false when they make no sense.</summary>
    public bool TryTake(ReadOnlySpan<byte> content)
    {
        var taken = Math.Min(content.Length, _preface.Length - _filled);
        content[..taken].CopyTo(_preface.AsSpan(_filled));
        _filled += taken;
        if (_filled == _preface.Length && taken > 0) LogTime = BinaryPrimitives.ReadInt64LittleEndian(_preface);
        return taken == content.Length || State!.TryTake(content[taken..]);
    }

    /// <summary>After the last byte: false when something is missing or wrong.</summary>
    public bool TryFinish() => State is not null && _filled == _preface.Length && State.TryFinish();

    /// <summary>At the start: the finished state becomes the machine's. Says the log time that it had.</summary>
    public long Adopt()
    {
        machine.Adopt(State!);
        return LogTime;
    }
}
