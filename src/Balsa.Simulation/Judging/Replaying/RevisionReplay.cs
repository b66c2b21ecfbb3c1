using Balsa.Simulation.Judging.Histories;

namespace Balsa.Simulation.Judging.Replaying;

/// <summary>
/// Judges a history whose answers carry revisions, in one pass: the changes are played on a model in the order of their
/// revisions, and every answer must be what the model says at its revision. Only a revision that nobody was told has to be
/// guessed: some operation of unknown outcome got it, or a lease ended. A guess that turns out wrong is taken back.
/// </summary>
internal sealed class RevisionReplay
{
    private const int LookAgain = 1 << 10;

    private readonly Func<bool> _isTimeUp;
    private readonly JudgeMutant _mutant;
    private readonly Timeline _timeline;
    private readonly Claims _claims;
    private readonly Guesses _guesses;
    private readonly Leases _leases;
    private readonly Shelf _shelf = new();
    private readonly Clerk _clerk;
    private readonly Stack<Choice> _choices = new();
    private readonly List<Operation> _changes = [];
    private Judgement? _failure;
    private long _failedAt;
    private long _steps;
    private long _revision = History.FirstRevision;
    private int _at;

    internal RevisionReplay(History history, Func<bool> isTimeUp, JudgeMutant mutant)
    {
        (_isTimeUp, _mutant) = (isTimeUp, mutant);
        _timeline = new Timeline(history.Operations, mutant);
        _claims = new Claims(_timeline);
        _guesses = new Guesses(_timeline);
        _leases = new Leases(_timeline);
        _clerk = new Clerk(_shelf, knowsRevisions: mutant != JudgeMutant.ModifiedIsIgnored);
        foreach (var operation in _timeline.Unknown)
            if (operation.Kind == OperationKind.Grant) _clerk.PossibleLeases.Add(operation.Lease);
    }

    internal Judgement Decide()
    {
        if (_timeline.Contradiction is { } times)
            return Wrong("The later one got a revision that is behind what the earlier one had seen.", [times.Earlier, times.Later]);
        if (_claims.Twins is { } twins) return Wrong("Two changes cannot have one revision.", [twins.One, twins.Other]);
        if (_mutant != JudgeMutant.ModifiedIsIgnored && _claims.FindContradiction() is { } found)
            return Wrong("The answer is not what the change left.", [found.Change, found.Answer]);
        if (!TryLooks(null) && !TryAgain()) return _failure!;
        while (_revision < _timeline.Last)
        {
            if (++_steps % LookAgain == 1 && _isTimeUp()) return new Judgement(Verdict.Unknown);
            _revision++;
            if (!TryRevision() && !TryAgain()) return _failure!;
        }

        return new Judgement(Verdict.Linearizable);
    }

    private bool TryRevision()
    {
        if (_claims.At(_revision) is { } claim) return TryPlay(claim) && TryLooks(claim);
        var choice = new Choice
        {
            Revision = _revision, At = _at, Mark = _shelf.Mark, Changes = _changes.Count, Maybes = MaybesHere(),
            Guesses = _guesses.At(_revision), Leases = _leases.At(_revision, _shelf),
        };
        _choices.Push(choice);
        return TryNext(choice);
    }

    /// <summary>Goes back to the last guess that has an alternative which carries on.</summary>
    private bool TryAgain()
    {
        while (_choices.TryPeek(out var choice))
        {
            if (++_steps % LookAgain == 0 && _isTimeUp()) break;
            Return(choice);
            if (_mutant != JudgeMutant.NoSecondGuess && TryNext(choice)) return true;
            Return(choice);
            _choices.Pop();
        }

        if (_choices.Count > 0) _failure = new Judgement(Verdict.Unknown);
        return false;
    }

    private void Return(Choice choice)
    {
        if (choice.Guess >= 0) _guesses.SetUsed(choice.Guess, isUsed: false);
        choice.Guess = -1;
        _shelf.ReturnTo(choice.Mark);
        _changes.RemoveRange(choice.Changes, _changes.Count - choice.Changes);
        (_revision, _at) = (choice.Revision, choice.At);
    }

    private bool TryNext(Choice choice)
    {
        while (choice.Next < choice.Count)
        {
            var next = choice.Next++;
            if (next < choice.Maybes.Count)
            {
                if (TryPlay(choice.Maybes[next]) && TryLooks(choice.Maybes[next])) return true;
            }
            else if (next - choice.Maybes.Count is var guess && guess < choice.Guesses.Count)
            {
                choice.Guess = choice.Guesses[guess];
                _guesses.SetUsed(choice.Guess, isUsed: _mutant != JudgeMutant.UnknownHappensTwice);
                if (TryPlay(_guesses.Of(choice.Guess)) && TryLooks(null)) return true;
            }
            else if (_clerk.Expire(choice.Leases[guess - choice.Guesses.Count]) && TryLooks(null))
            {
                return true;
            }

            Return(choice);
        }

        Fail("nobody was told this revision, and nothing of unknown outcome can have got it", Neighbours());
        return false;
    }

    private bool TryPlay(Operation change)
    {
        var hasChanged = _clerk.Play(change, _revision);
        _changes.Add(change);
        if (hasChanged && _clerk.Complaint is null) return true;
        if (change.Outcome == Outcome.Done) Fail(_clerk.Complaint ?? "it changed nothing, and yet it got a revision", Around(change));
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
            if (!_clerk.Play(look, _revision) && _clerk.Complaint is null) continue;
            Fail(_clerk.Complaint ?? "it changed something, and yet it got the revision of another change", Around(look));
            return false;
        }

        return true;
    }

    private List<Operation> MaybesHere()
    {
        var maybes = new List<Operation>();
        var done = _timeline.Done;
        for (var i = _at; i < done.Count && done[i].Revision <= _revision; i++)
            if (_timeline.FloorsOfMaybes.TryGetValue(done[i], out var floor) && floor < _revision) maybes.Add(done[i]);
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

    private List<Operation> Neighbours()
    {
        var window = new List<Operation>();
        if (_changes.Count > 0) window.Add(_changes[^1]);
        if (_at < _timeline.Done.Count) window.Add(_timeline.Done[_at]);
        return window;
    }

    /// <summary>The furthest failure is the one to tell: what came before it could still be explained.</summary>
    private void Fail(string reason, IReadOnlyList<Operation> window)
    {
        if (_failure is not null && _revision <= _failedAt) return;
        (_failure, _failedAt) = (Wrong($"At revision {_revision}: {reason}", window), _revision);
    }

    private static Judgement Wrong(string reason, IReadOnlyList<Operation> window) =>
        new(Verdict.NotLinearizable) { Oracle = Oracle.Revisions, Reason = reason, Window = window };
}
