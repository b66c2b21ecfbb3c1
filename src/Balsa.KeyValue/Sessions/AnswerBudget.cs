using Balsa.KeyValue.Slots;

namespace Balsa.KeyValue.Sessions;

/// <summary>The bytes of answers that all sessions keep together, and who forgets first when they are too many.</summary>
internal sealed class AnswerBudget
{
    /// <summary>The sessions that keep any bytes.</summary>
    private readonly UseOrder _order = new();

    internal long Bytes { get; private set; }

    /// <summary>The session with bytes that was used longest ago.</summary>
    internal int LeastUsed => _order.First;

    internal void OnUsed(int slot)
    {
        if (!_order.Contains(slot)) return;
        _order.Remove(slot);
        _order.Append(slot);
    }

    internal void OnChanged(int slot, int before, int after)
    {
        Bytes += after - before;
        if (after == 0) _order.Remove(slot);
        else if (!_order.Contains(slot)) _order.Append(slot);
    }
}
