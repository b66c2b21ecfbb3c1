using Balsa.Raft.Identity;
using Balsa.Raft.Log;

namespace Balsa.Raft.Tests.Parts;

/// <summary>Notices a disk that went back in time, and raises no alarm about one that did not.</summary>
public sealed class PeerLedgerTests
{
    private static readonly MemberId Member = new(2);

    private static Hello Hello(ulong boot, ulong term, ulong last, ulong incarnation = 7, ulong group = 0) =>
        new(new Origin(new GroupId(group), Member, new Incarnation(incarnation), new Boot(boot), 1), new Term(term), new LogIndex(last));

    private static Admission Judge(PeerLedger ledger, Hello hello, ulong expected = 7, bool repairing = false) =>
        ledger.Judge(hello, default, new Incarnation(expected), repairing);

    [Fact]
    public void A_stranger_is_welcome_and_remembered()
    {
        var ledger = new PeerLedger();
        Assert.Equal(Admission.Welcome, Judge(ledger, Hello(3, 1, 1)));
        Assert.Equal(new Boot(3), ledger.HighestBoot(Member));
        Assert.Equal(Admission.BootRolledBack, Judge(ledger, Hello(2, 9, 9)));
    }

    [Fact]
    public void Another_group_and_another_directory_are_refused()
    {
        var ledger = new PeerLedger();
        Assert.Equal(Admission.WrongGroup, Judge(ledger, Hello(1, 1, 1, group: 5)));
        Assert.Equal(Admission.WrongIncarnation, Judge(ledger, Hello(1, 1, 1, incarnation: 8)));
        Assert.Equal(Admission.Welcome, Judge(ledger, Hello(1, 1, 1, incarnation: 8), expected: 0));
    }

    [Fact]
    public void Whoever_forgot_a_term_or_what_it_acknowledged_in_it_is_refused_unless_it_says_that_it_repairs()
    {
        var ledger = new PeerLedger();
        Judge(ledger, Hello(1, 5, 10));
        ledger.Note(Hello(1, 0, 0).Origin, new Term(5), new LogIndex(10));
        Assert.Equal(Admission.StateRolledBack, Judge(ledger, Hello(2, 4, 10)));
        Assert.Equal(Admission.StateRolledBack, Judge(ledger, Hello(2, 5, 9)));
        Assert.Equal(Admission.Welcome, Judge(ledger, Hello(2, 5, 9), repairing: true));
        Assert.Equal(Admission.Welcome, Judge(ledger, Hello(2, 5, 10)));
    }

    [Fact]
    public void A_newer_leader_may_have_cut_what_was_acknowledged_to_an_older_one()
    {
        var ledger = new PeerLedger();
        Judge(ledger, Hello(1, 5, 10));
        ledger.Note(Hello(1, 0, 0).Origin, new Term(5), new LogIndex(10));
        Assert.Equal(Admission.Welcome, Judge(ledger, Hello(2, 6, 8)));
    }

    [Fact]
    public void Late_news_of_a_lower_match_or_an_older_term_takes_nothing_back()
    {
        var ledger = new PeerLedger();
        Judge(ledger, Hello(1, 5, 10));
        ledger.Note(Hello(1, 0, 0).Origin, new Term(5), new LogIndex(10));
        ledger.Note(Hello(1, 0, 0).Origin, new Term(5), new LogIndex(3));
        ledger.Note(Hello(1, 0, 0).Origin, new Term(4), new LogIndex(2));
        Assert.Equal(Admission.StateRolledBack, Judge(ledger, Hello(2, 5, 9)));
    }

    [Fact]
    public void What_comes_late_from_a_replaced_directory_does_not_bind_the_new_one()
    {
        var ledger = new PeerLedger();
        Judge(ledger, Hello(4, 5, 10));
        Judge(ledger, Hello(1, 5, 0, incarnation: 8), expected: 8);
        ledger.Note(Hello(4, 5, 10).Origin, new Term(6), new LogIndex(10));
        Assert.Equal(Admission.Welcome, Judge(ledger, Hello(2, 5, 3, incarnation: 8), expected: 8));
        ledger.Note(Hello(2, 5, 3, incarnation: 8).Origin, new Term(6), new LogIndex(3));
        Assert.Equal(Admission.StateRolledBack, Judge(ledger, Hello(3, 5, 3, incarnation: 8), expected: 8));
    }

    [Fact]
    public void No_honest_history_is_ever_refused()
    {
        Dice.Throw(300, dice =>
        {
            var ledger = new PeerLedger();
            ulong boot = 1, term = 1, last = 0;
            Judge(ledger, Hello(boot, term, last));
            var seen = new List<(ulong Term, ulong Match)>();
            for (var step = 0; step < 60; step++)
            {
                switch (dice.Below(6))
                {
                    case 0: boot++; break;
                    case 1:
                        term++;
                        last = (ulong)dice.Below((int)last + 1);
                        break;
                    case 2: last += (ulong)dice.Below(5); break;
                    case 3: seen.Add((term, (ulong)dice.Below((int)last + 1))); break;
                    case 4 when seen.Count > 0:
                        // Messages arrive in any order and any number of times.
                        var (ofTerm, match) = seen[dice.Below(seen.Count)];
                        ledger.Note(Hello(1, 0, 0).Origin, new Term(ofTerm), new LogIndex(match));
                        break;
                    default: Assert.Equal(Admission.Welcome, Judge(ledger, Hello(boot, term, last))); break;
                }
            }
        });
    }
}
