namespace Balsa.Simulation.Judging.Searching;

/// <summary>How many words all searches of a judgement may remember together.</summary>
internal sealed class Room(long words)
{
    private long _free = words;

    internal bool TryTake(int words)
    {
        if (words > _free) return false;
        _free -= words;
        return true;
    }

    internal void GiveBack(int words) => _free += words;
}
