using Balsa.KeyValue.Hashing;

namespace Balsa.KeyValue.Sessions;

/// <summary>A client's session. Id 0: an empty slot. Times are log time, in ticks of 100 ns.</summary>
internal struct Session
{
    internal const long SecondsMax = 30 * 86_400;

    /// <summary>Later ones would have deadlines beyond the last number.</summary>
    internal const long LastUseMax = long.MaxValue - SecondsMax * TimeSpan.TicksPerSecond;

    internal ulong Id;
    internal long Seconds;

    /// <summary>When it last gave a sign of life.</summary>
    internal long LastUse;

    /// <summary>Counts the uses of all sessions: two may have the same time, and the order decides who forgets first.</summary>
    internal long Use;

    /// <summary>Requests up to this one are too old to be told from each other.</summary>
    internal ulong Floor;
    internal SessionAnswers Answers;

    /// <summary>What the hash of the table has of this session.</summary>
    internal ulong Counted;

    /// <summary>The last moment at which it is alive.</summary>
    internal readonly long Deadline => LastUse + Seconds * TimeSpan.TicksPerSecond;

    internal readonly ulong Hash
    {
        get
        {
            var life = Hash64.Join((ulong)Seconds, Hash64.Join((ulong)LastUse, (ulong)Use));
            return Hash64.Join(Hash64.Join(Id, Floor), life) + Answers.Hash;
        }
    }
}
