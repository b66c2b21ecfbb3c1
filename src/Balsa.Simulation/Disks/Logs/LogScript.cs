using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Simulation.Randomness;
using Balsa.Storage.Wal;

namespace Balsa.Simulation.Disks.Logs;

/// <summary>What a core would make a log do, in no sensible order but never against the rules.</summary>
internal sealed class LogScript(LogTruth truth)
{
    private const long Microsecond = TimeSpan.TicksPerMicrosecond, Millisecond = TimeSpan.TicksPerMillisecond;

    private readonly byte[] _scratch = new byte[64 * 1024];

    private LogModel Latest => truth.Latest;

    /// <summary>Hands something over, or nothing, and says how long it is until the next time.</summary>
    /// <param name="payloadMax">The longest entry.</param>
    /// <param name="isShort">There is no room: only what little is always possible.</param>
    internal long Act(Dice dice, int payloadMax, Configuration[] configurations, bool isShort)
    {
        var draw = dice.Below(100);
        if (isShort && draw < 88) draw = 60;
        if (Latest.HardState.Term.Value == 0) Vote(dice);
        else if (draw < 56) Append(dice, payloadMax, configurations);
        else if (draw < 68) Vote(dice);
        else if (draw < 76) CutTail(dice, payloadMax, configurations);
        else if (draw < 81) MeetPeer(dice);
        else if (draw < 89) BeginAfter(dice, configurations);
        else return dice.Between(4, 30) * Millisecond;
        var pace = dice.Below(10);
        return pace < 4 ? 0 : pace < 8 ? dice.Below(400) * Microsecond : dice.Below(4000) * Microsecond;
    }

    private void Append(Dice dice, int payloadMax, Configuration[] configurations)
    {
        for (var left = dice.Chance(150) ? dice.Between(4, 14) : dice.Between(1, 3); left > 0; left--)
        {
            var id = new EntryId(Latest.HardState.Term, Latest.LastIndex.Next);
            if (dice.Chance(20)) truth.Hand(LogOperation.Entry(id, dice.OneOf<Configuration>(configurations)));
            else truth.Hand(LogOperation.Entry(id, LengthOf(dice, payloadMax), dice.Next(), _scratch));
        }
    }

    private static int LengthOf(Dice dice, int payloadMax) => dice.Below(20) switch
    {
        0 => 0,
        < 12 => dice.Between(1, 40),
        < 17 => Math.Min(payloadMax, dice.Between(40, 300)),
        < 19 => Math.Min(payloadMax, dice.Between(300, 1000)),
        _ => dice.Between(payloadMax / 2, payloadMax),
    };

    private void Vote(Dice dice)
    {
        var term = new Term(Latest.HardState.Term.Value + (ulong)dice.Between(Latest.HardState.Term.Value == 0 ? 1 : 0, 2));
        truth.Hand(new LogOperation(LogChange.HardState) { HardState = new HardState(term, new MemberId((ulong)dice.Below(4))) });
    }

    /// <summary>As a follower does for a leader of a later term: term, cut, other entries.</summary>
    private void CutTail(Dice dice, int payloadMax, Configuration[] configurations)
    {
        if (Latest.Entries.Count == 0) return;
        if (dice.Chance(700)) Vote(dice);
        var cut = dice.Between(0, Math.Min(Latest.Entries.Count, dice.Chance(200) ? 40 : 5));
        var from = Latest.LastIndex.Next - (ulong)cut;
        truth.Hand(new LogOperation(LogChange.Truncation) { Id = new EntryId(default, from) });
        if (dice.Chance(700)) Append(dice, payloadMax, configurations);
    }

    private void MeetPeer(Dice dice)
    {
        var member = (ulong)dice.Between(2, 3);
        var boot = 1UL;
        foreach (var known in Latest.Peers)
            if (known.Member.Value == member) boot = known.HighestBoot.Value + 1;
        var peer = new SeenPeer(new MemberId(member), new Incarnation(member * 7), new Boot(boot));
        truth.Hand(new LogOperation(LogChange.Peer) { Peer = peer });
    }

    /// <summary>A snapshot is durable: one of our own, of entries that are durable, or now and then one of somebody far ahead.</summary>
    private void BeginAfter(Dice dice, Configuration[] configurations)
    {
        var boundary = new EntryId(Latest.HardState.Term, Latest.LastIndex + (ulong)dice.Between(1, 60));
        if (dice.Chance(900))
        {
            var last = LogIndex.Smaller(truth.Durable.LastIndex, Latest.LastIndex);
            if (last < Latest.Base.Index) return;
            var back = Math.Min((int)(last - Latest.Base.Index), dice.Chance(500) ? 3 : 30);
            var index = last - (ulong)dice.Below(back + 1);
            boundary = new EntryId(Latest.TermAt(index), index);
            if (!truth.Durable.Has(boundary)) return;
        }
        truth.Hand(new LogOperation(LogChange.Base) { Id = boundary, Configuration = dice.OneOf<Configuration>(configurations) });
    }
}
