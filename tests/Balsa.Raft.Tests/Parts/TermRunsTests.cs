using Balsa.Raft.Log;

namespace Balsa.Raft.Tests.Parts;

/// <summary>The compressed terms of a log, against a plain list of them.</summary>
public sealed class TermRunsTests
{
    private readonly List<ulong> _terms = [];
    private readonly TermRuns _runs = new();
    private ulong _boundary;

    private ulong Last => _boundary + (ulong)_terms.Count - 1;

    private void Start(ulong index, ulong term)
    {
        _boundary = index;
        _terms.Clear();
        _terms.Add(term);
        _runs.Reset(new EntryId(new Term(term), new LogIndex(index)));
    }

    private void Step(Dice dice)
    {
        switch (dice.Below(6))
        {
            case 0 when _terms.Count > 1:
                var from = _boundary + 1 + (ulong)dice.Below(_terms.Count - 1);
                _runs.TruncateFrom(new LogIndex(from));
                _terms.RemoveRange((int)(from - _boundary), (int)(Last - from) + 1);
                break;
            case 1 when dice.OneIn(3):
                var to = _boundary + (ulong)dice.Below(_terms.Count);
                _runs.CompactTo(new LogIndex(to));
                _terms.RemoveRange(0, (int)(to - _boundary));
                _boundary = to;
                break;
            default:
                _terms.Add(_terms[^1] + (ulong)(dice.OneIn(4) ? dice.Between(1, 3) : 0));
                _runs.Append(new EntryId(new Term(_terms[^1]), new LogIndex(Last)));
                break;
        }
    }

    private EntryId NaiveLastAtMost(ulong index, ulong term)
    {
        for (var i = index; i >= _boundary; i--)
        {
            if (_terms[(int)(i - _boundary)] <= term) return new EntryId(new Term(_terms[(int)(i - _boundary)]), new LogIndex(i));
            if (i == 0) break;
        }
        return new EntryId(new Term(_terms[0]), new LogIndex(_boundary));
    }

    [Fact]
    public void Terms_and_meeting_points_are_those_of_the_plain_list()
    {
        Dice.Throw(100, dice =>
        {
            Start((ulong)dice.Below(5), (ulong)dice.Below(3));
            for (var step = 0; step < 60; step++)
            {
                Step(dice);
                for (var index = _boundary; index <= Last; index++)
                {
                    Assert.Equal(_terms[(int)(index - _boundary)], _runs.TermAt(new LogIndex(index)).Value);
                    var term = (ulong)dice.Below((int)_terms[^1] + 2);
                    Assert.Equal(NaiveLastAtMost(index, term), _runs.LastAtMost(new LogIndex(index), new Term(term)));
                }
            }
        });
    }

    [Fact]
    public void A_log_has_as_many_runs_as_its_terms_change()
    {
        Dice.Throw(50, dice =>
        {
            Start(0, 0);
            for (var step = 0; step < 100; step++) Step(dice);
            var changes = 1 + _terms.Zip(_terms.Skip(1)).Count(pair => pair.First != pair.Second);
            Assert.Equal(changes, _runs.Count);
        });
    }
}
