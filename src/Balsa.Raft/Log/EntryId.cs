namespace Balsa.Raft.Log;

/// <summary>Term and index together name one entry for ever; an index alone does not, because tails are rewritten.</summary>
public readonly record struct EntryId(Term Term, LogIndex Index)
{
    public static EntryId Start => default;

    /// <summary>The election's comparison (paper, 5.4.1): the later term wins, and only within one term the longer log.</summary>
    public bool IsAtLeastAsCompleteAs(EntryId other) =>
        Term > other.Term || (Term == other.Term && Index >= other.Index);

    public override string ToString() => $"{Term}/{Index}";
}
