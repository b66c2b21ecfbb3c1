using Balsa.Hosting.Commands;
using Balsa.Hosting.Errors;
using Balsa.Hosting.Snapshots;

namespace Balsa.Hosting;

/// <summary>A replicated state: how it begins, which commands change it, and how both are written down.</summary>
public sealed record RaftModel<TState> where TState : class
{
    public required Func<TState> NewState { get; init; }

    public required CommandCatalog<TState> Commands { get; init; }

    public IRaftCodec Codec { get; init; } = new JsonRaftCodec();

    public IStateFormat<TState> Format { get; init; } = new JsonStateFormat<TState>();

    /// <summary>Throws when the state could not be saved and read back: better now than at the first snapshot.</summary>
    internal void Check()
    {
        if (Commands.Count == 0)
        {
            throw new ImpossibleSettingsException(
                $"There is no command for {typeof(TState).Name}, so nothing could ever change it. "
                + $"Write a record that implements ICommand<{typeof(TState).Name}, TResult>, in the same assembly as the state.");
        }

        try
        {
            using var saved = new MemoryStream();
            Format.Capture(NewState())(saved);
            saved.Position = 0;
            Format.Load(saved, Format.Version);
        }
        catch (Exception problem)
        {
            throw new ImpossibleSettingsException(
                $"A new {typeof(TState).Name} cannot be saved and read back, so no snapshot could be made: {problem.Message} "
                + "Make it fit for JSON, or give the model a Format of your own.",
                problem);
        }
    }
}

/// <summary>Models as most programs want them.</summary>
public static class RaftModel
{
    /// <summary>A state with a constructor without arguments, JSON, and all commands that stand in the state's assembly.</summary>
    public static RaftModel<TState> Of<TState>() where TState : class, new() =>
        new() { NewState = static () => new TState(), Commands = CommandCatalog<TState>.Of(typeof(TState).Assembly) };
}
