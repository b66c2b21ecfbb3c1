using Balsa.Hosting.Snapshots;
using Balsa.Replica.Contracts;

namespace Balsa.Hosting.Machines;

/// <summary>
/// The state on its way to disk. Captured between two commands; the user's part is written by a task of its own.
/// <code>
/// 4 version of the user's part | 8 log time | sessions | the user's part
/// </code>
/// </summary>
internal sealed class HostedCapture<TState> : IStateCapture where TState : class
{
    private readonly CapturePipe _pipe = new();

    internal HostedCapture(HostedState<TState> state, IStateFormat<TState> format)
    {
        var head = new MemoryStream();
        using (var writer = new BinaryWriter(head))
        {
            writer.Write(format.Version);
            writer.Write(state.LogTime);
            state.Sessions.Write(writer);
        }

        var save = format.Capture(state.User);
        var bytes = head.ToArray();
        _ = Task.Run(() => Write(bytes, save));
    }

    public Action Ready
    {
        set => _pipe.Ready = value;
    }

    public int Read(Span<byte> into) => _pipe.Take(into);

    public void Dispose() => _pipe.Dispose();

    private void Write(byte[] head, Action<Stream> save)
    {
        try
        {
            _pipe.Write(head);
            save(_pipe);
            _pipe.Complete();
        }
        catch (Exception problem)
        {
            // Nobody reads any more, or the next to read is told.
            _pipe.Complete(problem);
        }
    }
}
