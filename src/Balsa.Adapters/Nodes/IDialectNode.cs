using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Store;

namespace Balsa.Adapters.Nodes;

/// <summary>
/// All that a dialect may ask of the node that it stands before. Names are those of the cluster's configuration; what they are
/// called in a dialect is the dialect's business.
/// </summary>
public interface IDialectNode
{
    /// <summary>What the cluster calls this member.</summary>
    string Name { get; }

    /// <summary>It runs, hears its controller, and is gone for everybody else.</summary>
    bool PlaysDead { get; }

    /// <summary>What this member believes now: who leads, what its term and role are. Null when it is too busy to say.</summary>
    Task<NodeReport?> ReportAsync();

    /// <summary>Proposes a command of the store and waits until it was applied. It never takes longer than the patience.</summary>
    /// <param name="entry">With its envelope, as <see cref="CommandCodec"/> makes it.</param>
    Task<WriteResult> WriteAsync(CommandKind kind, byte[] entry, WriteRoute route, TimeSpan patience);

    /// <summary>Looks into the store. The view is given back when <paramref name="look"/> returns.</summary>
    /// <param name="isLocal">Whatever this member has applied will do; otherwise all that was acknowledged to anybody is there.</param>
    Task<ReadResult<T>> ReadAsync<T>(Func<StoreView, T> look, bool isLocal, TimeSpan patience);

    /// <summary>Gives leadership up in the term that it has, and ends playing dead.</summary>
    Task<CommandResult> ConvertToFollowerAsync();

    /// <summary>As if the election timer had run out: a new term, whoever leads.</summary>
    Task<CommandResult> TimeOutNowAsync();

    void PlayDead();

    /// <summary>Ends playing dead.</summary>
    void Resume();

    /// <summary>Begins a graceful end of the process: leadership is handed over, everyone who waits is answered.</summary>
    void ShutDown();
}
