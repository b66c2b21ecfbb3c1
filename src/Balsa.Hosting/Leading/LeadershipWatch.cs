using Balsa.Raft;

namespace Balsa.Hosting.Leading;

/// <summary>What the replica last said of role, term and leader, and who waits for it to change.</summary>
internal sealed class LeadershipWatch
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _changed = New();
    private Leadership? _reign;

    internal Role Role { get; private set; } = Role.Follower;

    internal ulong Term { get; private set; }

    /// <summary>0 while nobody is known.</summary>
    internal ulong Leader { get; private set; }

    internal long Changes { get; private set; }

    internal bool IsOver { get; private set; }

    /// <summary>From the replica's thread.</summary>
    internal void OnRole(Role role, ulong leader, ulong term)
    {
        Leadership? ended = null;
        lock (_gate)
        {
            if (leader != 0 && leader != Leader) Changes++;
            (Role, Leader, Term) = (role, leader, term);
            if (_reign is not null && (role != Role.Leader || _reign.FencingToken != term)) (ended, _reign) = (_reign, null);
            if (role == Role.Leader && !IsOver) _reign ??= new Leadership(term);
            Tell();
        }

        // Whoever listens to the token must not hold up the replica.
        if (ended is not null) _ = Task.Run(ended.End);
    }

    /// <summary>The member stops.</summary>
    internal void End()
    {
        Leadership? ended;
        lock (_gate)
        {
            (ended, _reign, IsOver, Leader, Role) = (_reign, null, true, 0, Role.Follower);
            Tell();
        }

        ended?.End();
    }

    /// <summary>Until somebody is known to lead; at once when the member is over.</summary>
    internal Task WaitForLeaderAsync(CancellationToken stop) => WaitAsync(() => Leader != 0 || IsOver, stop);

    /// <summary>Null when the member is over.</summary>
    internal async Task<Leadership?> WaitForReignAsync(CancellationToken stop)
    {
        Leadership? reign = null;
        await WaitAsync(() => (reign = _reign) is not null || IsOver, stop);
        return reign;
    }

    internal bool Rules(Leadership reign)
    {
        lock (_gate) return ReferenceEquals(_reign, reign);
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Tell()
    {
        _changed.TrySetResult();
        _changed = New();
    }

    private async Task WaitAsync(Func<bool> holds, CancellationToken stop)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (holds()) return;
                changed = _changed.Task;
            }

            await changed.WaitAsync(stop);
        }
    }
}
