using Balsa.Storage.Wal.Writing;

namespace Balsa.Storage.Wal;

/// <summary>Whoever has something to write. Called by the log's thread alone.</summary>
public interface IWalSource
{
    /// <summary>Puts what waits into the batch, in order, until nothing is left or the batch is full.</summary>
    void Fill(WalBatch batch);

    /// <summary>Everything that was put into the last batch is on stable media.</summary>
    void OnDurable();
}
