namespace Balsa.Hosting.Snapshots;

/// <summary>How a state is written into snapshots and read back.</summary>
public interface IStateFormat<TState> where TState : class
{
    /// <summary>Of the bytes. A build reads those of its own version and, if it wants to, earlier ones.</summary>
    uint Version { get; }

    /// <summary>
    /// Called between two commands, which wait meanwhile, so it should be quick. What it returns writes the state as it is
    /// now, on another thread, while further commands run: take a copy, or refer to parts that never change.
    /// </summary>
    Action<Stream> Capture(TState state);

    /// <summary>Reads what was written, on any thread.</summary>
    TState Load(Stream from, uint version);
}
