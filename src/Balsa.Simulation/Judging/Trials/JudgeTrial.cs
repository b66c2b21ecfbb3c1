using Balsa.Simulation.Judging.Histories;
using Balsa.Simulation.Judging.Windows;
using Balsa.Simulation.Randomness;

namespace Balsa.Simulation.Judging.Trials;

/// <summary>
/// The judge against random small histories of which every order was tried. Some of the histories are true, and others have a
/// changed fact or two; both verdicts must be common, or the comparison would prove little.
/// </summary>
public sealed class JudgeTrial(JudgeMutant mutant = JudgeMutant.None)
{
    private const int FewestOperations = 3, MostOperations = 8;
    private static readonly Func<bool> Patient = static () => false;
    private readonly List<ulong> _mismatches = [];

    /// <summary>How many histories were judged.</summary>
    public long Histories { get; private set; }

    /// <summary>How many of them some order explains.</summary>
    public long Right { get; private set; }

    public long Wrong => Histories - Right;

    /// <summary>How many of the histories had an operation of unknown outcome.</summary>
    public long WithUnknown { get; private set; }

    /// <summary>Seeds whose verdict is not what trying every order says.</summary>
    public IReadOnlyList<ulong> Mismatches => _mismatches;

    public void Run(ulong seed)
    {
        var operations = Draw(seed);
        var isRight = EveryOrder.Explains(operations);
        var history = new History(operations);
        Histories++;
        if (isRight) Right++;
        if (operations.Exists(operation => operation.Outcome == Outcome.Unknown)) WithUnknown++;
        var judgement = Judge.Decide(history, Patient, Oracle.Auto, mutant);
        var isSame = judgement.Verdict == (isRight ? Verdict.Linearizable : Verdict.NotLinearizable);
        // What is shown of a wrong history is wrong by itself when the search shows it.
        if (isSame && !isRight && judgement.Oracle == Oracle.Search) isSame = !EveryOrder.Explains(judgement.Window);
        // Where revisions decide, the search may see less, but it must not accuse what is right.
        if (isRight && judgement.Oracle == Oracle.Revisions) isSame &= IsAccepted(history);
        if (!isSame) _mismatches.Add(seed);
    }

    /// <summary>The history of a seed in lines for people, and what each says of it.</summary>
    public IEnumerable<string> Tell(ulong seed)
    {
        var operations = Draw(seed);
        var judgement = Judge.Decide(new History(operations), Patient, Oracle.Auto, mutant);
        yield return $"some order explains it: {EveryOrder.Explains(operations)}; the judge: {judgement.Verdict} {judgement.Reason}";
        foreach (var operation in operations)
            yield return $"  {operation.Begin} to {operation.End}: {OperationText.Of(operation)} @{operation.Revision}";
    }

    internal static List<Operation> Draw(ulong seed)
    {
        var dice = new Dice(seed);
        var kind = dice.OneOf(TrialKind.Register, TrialKind.Store, TrialKind.Revisions, TrialKind.Doubtful);
        var operations = TrialHistory.Of(dice, kind, dice.Between(FewestOperations, MostOperations));
        for (var mutations = dice.OneOf(0, 1, 1, 2); mutations > 0; mutations--) operations = TrialHistory.Mutated(operations, dice);
        return operations;
    }

    private bool IsAccepted(History history)
    {
        foreach (var operation in history.Operations)
            foreach (var compare in operation.Compares)
                if (compare.Target != CompareTarget.Value && !compare.IsAboutPresence) return true;
        return Judge.Decide(history, Patient, Oracle.Search, mutant).Verdict == Verdict.Linearizable;
    }
}
