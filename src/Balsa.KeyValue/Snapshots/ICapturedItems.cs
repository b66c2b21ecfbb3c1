using Balsa.KeyValue.Wire;

namespace Balsa.KeyValue.Snapshots;

/// <summary>A table whose items can be captured one by one.</summary>
internal interface ICapturedItems
{
    /// <summary>Writes one item as it is now.</summary>
    void WriteItem(int slot, ByteWriter into);
}
