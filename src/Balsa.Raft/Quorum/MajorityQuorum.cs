namespace Balsa.Raft.Quorum;

/// <summary>The arithmetic of majorities. Always over the configured voters, never over those who happened to answer.</summary>
public static class MajorityQuorum
{
    public static bool IsReachedBy(SlotMask voters, SlotMask yes) => (voters & yes).Count > voters.Count / 2;

    /// <summary>So many said no that yes cannot win any more.</summary>
    public static bool IsLostBy(SlotMask voters, SlotMask no) => voters.Count - (voters & no).Count <= voters.Count / 2;

    /// <summary>The highest value that a majority of the voters has reached; <paramref name="bySlot"/> is indexed by slot.</summary>
    public static ulong HighestReached(SlotMask voters, ReadOnlySpan<ulong> bySlot)
    {
        Span<ulong> sorted = stackalloc ulong[SlotMask.SlotsMax];
        var count = 0;
        foreach (var slot in voters)
        {
            // Insertion keeps the few values sorted; of 5 voters the 3rd smallest is reached by 3.
            var value = bySlot[slot];
            var at = count++;
            for (; at > 0 && sorted[at - 1] > value; at--) sorted[at] = sorted[at - 1];
            sorted[at] = value;
        }
        return sorted[(count - 1) / 2];
    }
}
