using Balsa.Storage.Steps;

namespace Balsa.Node.Snapshots;

/// <summary>
/// Several pieces of work on one lane, a step of each in turn. One that waits is passed over until there is news; the lane
/// waits when all of them do.
/// </summary>
internal sealed class SharedLane
{
    private readonly List<Job> _jobs = [];
    private readonly IoStep _idle = new();

    private sealed class Job(IEnumerator<IoStep> steps)
    {
        internal IEnumerator<IoStep> Steps { get; } = steps;

        internal bool Waits { get; set; }
    }

    internal bool IsEmpty => _jobs.Count == 0;

    internal void Add(IEnumerable<IoStep> work) => _jobs.Add(new Job(work.GetEnumerator()));

    /// <param name="takeNews">Called before each round; true when there was something that a waiting piece of work may want.</param>
    /// <param name="isOver">Asked when there is nothing left to do.</param>
    /// <param name="idleTicks">How long to wait at most when nothing can be done.</param>
    internal IEnumerable<IoStep> Run(Func<bool> takeNews, Func<bool> isOver, Func<long> idleTicks)
    {
        while (true)
        {
            if (takeNews()) WakeAll();
            var moved = false;
            for (var i = 0; i < _jobs.Count; i++)
            {
                var job = _jobs[i];
                if (job.Waits) continue;
                moved = true;
                if (!job.Steps.MoveNext())
                {
                    _jobs.RemoveAt(i--);
                    continue;
                }

                job.Waits = job.Steps.Current.Kind == StepKind.Wait;
                if (!job.Waits) yield return job.Steps.Current;
            }

            if (moved) continue;
            if (IsEmpty && isOver()) yield break;
            yield return _idle.Wait(idleTicks());
            // Whoever woke the lane had a reason, and only the work itself knows whether it is meant.
            WakeAll();
        }
    }

    private void WakeAll()
    {
        foreach (var job in _jobs) job.Waits = false;
    }
}
