using Balsa.Simulation.Judging.Guessing;
using Balsa.Simulation.Judging.Histories;

namespace Balsa.Simulation.Judging.Replaying;

/// <summary>
/// Judges a history whose answers carry revisions, in one pass: the changes are played on a model in the order of their
/// revisions, and every answer must be what the model says at its revision. Only a revision that nobody was told has to be
/// guessed: some operation of unknown outcome got it, or a lease ended. When something does not fit, the last guess that can have
/// to do with it is taken back; guesses about other keys than those that are wrong are left alone.
/// </summary>
internal sealed class RevisionReplay
{
    private const int LookAgain = 1 << 10;
    private const int BoldReturnsMax = 1 << 18;

    private readonly Func<bool> _isTimeUp;
    private readonly JudgeMutant _mutant;
    private readonly bool _isBold;
    private readonly Timeline _timeline;
    private readonly Claims _claims;
    private readonly Guesses _guesses;
    private readonly Leases _leases;
    private readonly Shelf _shelf = new();
    private readonly Clerk _clerk;
    private readonly Stack<Choice> _choices = new();
    private readonly List<Operation> _changes = [];
    private readonly Accuser _accuser;
    private readonly Dictionary<long, int> _hints = [];
    private Judgement? _failure;
    private long _failedAt;
    private Blame _blame = new();
    private int _returns;
    private long _steps;
    private long _revision = History.FirstRevision;
    private int _at;

    private RevisionReplay(History history, Func<bool> isTimeUp, JudgeMutant mutant, bool isBold)
    {
        (_isTimeUp, _mutant, _isBold) = (isTimeUp, mutant, isBold);
        _timeline = new Timeline(history.Operations, mutant);
        _claims = new Claims(_timeline);
        var facts = new KeyFacts(_timeline);
        _guesses = new Guesses(_timeline, facts);
        _accuser = new Accuser(_timeline, facts);
        _leases = new Leases(_timeline);
        _clerk = new Clerk(_shelf, knowsRevisions: mutant != JudgeMutant.ModifiedIsIgnored);
        foreach (var operation in _timeline.Unknown)
            if (operation.Kind == OperationKind.Grant) _clerk.PossibleLeases.Add(operation.Lease);
    }

    /// <summary>Whether a bold replay left out what could have explained the history.</summary>
    private bool HasSpared { get; set; }

    /// <summary>
    /// First boldly: only a guess that changed what is wrong is taken back, which finds a way where there are many. Where it finds
    /// none, again with every guess that could have changed it.
    /// </summary>
    internal static Judgement Decide(History history, Func<bool> isTimeUp, JudgeMutant mutant)
    {
        var bold = new RevisionReplay(history, isTimeUp, mutant, isBold: true);
        var judgement = bold.Decide();
        if (judgement.Verdict == Verdict.Linearizable || !bold.HasSpared) return judgement;
        return new RevisionReplay(history, isTimeUp, mutant, isBold: false).Decide();
    }

    private Judgement Decide()
    {
        if (_timeline.Contradiction is { } times)
            return Wrong("The later one got a revision that is behind what the earlier one had seen.", [times.Earlier, times.Later]);
        if (_claims.Twins is { } twins) return Wrong("Two changes cannot have one revision.", [twins.One, twins.Other]);
        if (_mutant != JudgeMutant.ModifiedIsIgnored && _claims.FindContradiction() is { } found)
            return Wrong("The answer is not what the change left.", [found.Change, found.Answer]);
        if (!TryLooks(null) && !TryAgain()) return _failure!;
        if (!_accuser.HasLeases && _mutant != JudgeMutant.UnknownHappensTwice && FindShortage() is { } shortage) return shortage;
        while (_revision < _timeline.Last)
        {
            if (++_steps % LookAgain == 1 && _isTimeUp()) return new Judgement(Verdict.Unknown);
            _revision++;
            if (!TryRevision() && !TryAgain()) return _failure!;
        }

        return new Judgement(Verdict.Linearizable);
    }

    /// <summary>
    /// Too few operations of unknown outcome for the revisions that nobody was told are wrong whoever got which. Otherwise the way
    /// to share them out that was found is where guessing begins.
    /// </summary>
    private Judgement? FindShortage()
    {
        var supply = new Supply();
        var revisions = new List<long>();
        for (var revision = History.FirstRevision + 1; revision <= _timeline.Last; revision++)
        {
            if (++_steps % LookAgain == 0 && _isTimeUp()) return new Judgement(Verdict.Unknown);
            if (_claims.At(revision) is not null || MaybesAt(revision).Count > 0) continue;
            var unknowns = _guesses.At(revision);
            revisions.Add(revision);
            if (supply.TryAdd(unknowns)) continue;
            var reason = unknowns.Count == 0
                ? "nobody was told this revision, and nothing of unknown outcome can have got it"
                : "nobody was told this revision, and whatever of unknown outcome can have got it is needed for others";
            return Wrong($"At revision {revision}: {reason}", [.. NeighboursOf(revision), .. unknowns.Take(1).Select(_guesses.Of)]);
        }

        for (var i = 0; i < revisions.Count; i++) _hints[revisions[i]] = supply.At(i);
        return null;
    }

    private bool TryRevision()
    {
        if (_claims.At(_revision) is { } claim) return TryPlay(claim) && TryLooks(claim);
        var choice = new Choice(CandidatesHere()) { Revision = _revision, At = _at, Mark = _shelf.Mark, Changes = _changes.Count };
        _choices.Push(choice);
        return TryNext(choice);
    }

    /// <summary>Goes back to the last guess that has to do with the failure and has an alternative which carries on.</summary>
    private bool TryAgain()
    {
        while (_choices.TryPeek(out var choice))
        {
            if (IsGivenUp()) break;
            var guess = choice.Guess;
            var isTried = guess != Candidate.Nobody && _mutant != JudgeMutant.NoSecondGuess && _blame.Concerns(choice) && !IsSpared(choice);
            Return(choice, guess);
            if (isTried)
            {
                choice.RuleOut(guess, _blame);
                if (TryNext(choice)) return true;
            }

            _choices.Pop();
        }

        if (_choices.Count > 0) _failure = new Judgement(Verdict.Unknown);
        return false;
    }

    private bool IsGivenUp()
    {
        if (++_steps % LookAgain == 0 && _isTimeUp()) return true;
        if (!_isBold || ++_returns < BoldReturnsMax) return false;
        HasSpared = true;
        return true;
    }

    /// <summary>Where a guess changed what is wrong, those that could have but did not are left alone.</summary>
    private bool IsSpared(Choice choice)
    {
        if (!_isBold || _blame.Touches(choice) || !_choices.Any(_blame.Touches)) return false;
        HasSpared = true;
        return true;
    }

    private void Return(Choice choice, Candidate guess)
    {
        if (guess.Unknown != Candidate.None) _guesses.SetUsed(guess.Unknown, isUsed: false);
        _shelf.ReturnTo(choice.Mark);
        _changes.RemoveRange(choice.Changes, _changes.Count - choice.Changes);
        (_revision, _at) = (choice.Revision, choice.At);
    }

    private bool TryNext(Choice choice)
    {
        while (choice.TryNext())
        {
            var guess = choice.Guess;
            if (guess.Unknown != Candidate.None && _guesses.IsUsed(guess.Unknown))
            {
                choice.Blame.AddUsed(guess.Unknown);
                continue;
            }

            if (TryGuess(guess))
            {
                _hints[choice.Revision] = guess.Unknown;
                return true;
            }

            Return(choice, guess);
            choice.RuleOut(guess, _blame);
        }

        _blame = choice.Blame;
        choice.Clear();
        if (IsFurther()) Fail("nobody was told this revision, and nothing of unknown outcome can have got it", NeighboursOf(_revision));
        return false;
    }

    private bool TryGuess(Candidate guess)
    {
        if (guess.Unknown != Candidate.None) _guesses.SetUsed(guess.Unknown, isUsed: _mutant != JudgeMutant.UnknownHappensTwice);
        if (guess.Change is { } change) return TryPlay(change) && TryLooks(change);
        if (_clerk.Expire(guess.Lease)) return TryLooks(null);
        _blame = new Blame();
        _blame.AddEverything();
        return false;
    }

    private bool TryPlay(Operation change)
    {
        var hasChanged = _clerk.Play(change, _revision);
        _changes.Add(change);
        if (hasChanged && _clerk.Dispute is null) return true;
        // What the change itself says of the revision before is what failed, and settles nothing.
        _blame = _accuser.Of(change, _clerk.Dispute, _revision - 1);
        if (change.Outcome == Outcome.Done && IsFurther())
            Fail(_clerk.Dispute?.Complaint ?? "it changed nothing, and yet it got a revision", Around(change));
        return false;
    }

    /// <summary>Whatever looked at this revision.</summary>
    private bool TryLooks(Operation? change)
    {
        var done = _timeline.Done;
        for (; _at < done.Count && done[_at].Revision <= _revision; _at++)
        {
            var look = done[_at];
            if (ReferenceEquals(look, change)) continue;
            if (!_clerk.Play(look, _revision) && _clerk.Dispute is null) continue;
            _blame = _accuser.Of(look, _clerk.Dispute, _revision);
            if (IsFurther())
                Fail(_clerk.Dispute?.Complaint ?? "it changed something, and yet it got the revision of another change", Around(look));
            return false;
        }

        return true;
    }

    private List<Candidate> CandidatesHere()
    {
        var candidates = new List<Candidate>();
        foreach (var maybe in MaybesAt(_revision)) candidates.Add(new Candidate(maybe, Candidate.None, 0));
        var hint = _hints.GetValueOrDefault(_revision, Candidate.None);
        var guesses = _guesses.At(_revision);
        if (guesses.Remove(hint)) guesses.Insert(0, hint);
        foreach (var guess in guesses) candidates.Add(new Candidate(_guesses.Of(guess), guess, 0));
        foreach (var lease in _leases.At(_revision, _shelf)) candidates.Add(new Candidate(null, Candidate.None, lease));
        return candidates;
    }

    private List<Operation> MaybesAt(long revision)
    {
        var maybes = new List<Operation>();
        var done = _timeline.Done;
        for (var i = _timeline.FirstAt(revision); i < done.Count && done[i].Revision <= revision; i++)
            if (_timeline.FloorsOfMaybes.TryGetValue(done[i], out var floor) && floor < revision) maybes.Add(done[i]);
        return maybes;
    }

    /// <summary>The last changes of what an operation touches, and the operation.</summary>
    private List<Operation> Around(Operation operation)
    {
        var window = new List<Operation>();
        for (var i = _changes.Count - 1; i >= 0 && window.Count < 2; i--)
            if (!ReferenceEquals(_changes[i], operation) && Effects.CanChange(_changes[i], operation.Key)) window.Insert(0, _changes[i]);
        window.Add(operation);
        return window;
    }

    private List<Operation> NeighboursOf(long revision)
    {
        var window = new List<Operation>();
        var first = _timeline.FirstAt(revision);
        if (_claims.At(revision - 1) is { } before) window.Add(before);
        if (first < _timeline.Done.Count) window.Add(_timeline.Done[first]);
        return window;
    }

    /// <summary>The furthest failure is the one to tell: what came before it could still be explained.</summary>
    private bool IsFurther() => _failure is null || _revision > _failedAt;

    private void Fail(string reason, IReadOnlyList<Operation> window) =>
        (_failure, _failedAt) = (Wrong($"At revision {_revision}: {reason}", window), _revision);

    private static Judgement Wrong(string reason, IReadOnlyList<Operation> window) =>
        new(Verdict.NotLinearizable) { Oracle = Oracle.Revisions, Reason = reason, Window = window };
}
