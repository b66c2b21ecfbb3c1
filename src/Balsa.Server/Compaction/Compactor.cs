using System.Diagnostics;
using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;
using Balsa.Raft;
using Balsa.Raft.Effects;
using Balsa.Raft.Probes;
using Balsa.Replica.Hosting;

namespace Balsa.Server.Compaction;

/// <summary>Carries out the schedule while its member leads: a compaction goes through the log like anybody's.</summary>
internal static class Compactor
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <param name="revision">The newest one that this member has applied.</param>
    internal static async Task RunAsync(
        AutoCompaction options, ReplicaPump<NoProbe> pump, Func<long> revision, Action<string> note, CancellationToken stop)
    {
        if (options.Mode == CompactionMode.Off) return;
        var began = Stopwatch.GetTimestamp();
        var schedule = new CompactionSchedule(options, TimeSpan.Zero, revision());
        using var timer = new PeriodicTimer(schedule.Every);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                var leads = await pump.StatusAsync().WaitAsync(stop) is { Role: Role.Leader };
                var target = schedule.Look(Stopwatch.GetElapsedTime(began), revision(), leads);
                if (target == 0) continue;
                if (await TryCompactAsync(pump, target, note, stop)) schedule.OnDone(Stopwatch.GetElapsedTime(began), target);
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    private static async Task<bool> TryCompactAsync(ReplicaPump<NoProbe> pump, long target, Action<string> note, CancellationToken stop)
    {
        var done = await pump.ProposeAsync(new CommandCodec().Compact(new CompactCommand(target)), Patience).WaitAsync(stop);
        if (done.Outcome.Verdict != Verdict.Done)
        {
            note($"warning: not compacted to revision {target} ({done.Outcome.Reason}); tried again later");
            return false;
        }

        var error = Answer.Read(CommandKind.Compact, (byte[])done.Result!).Error;
        if (error is StoreError.None) note($"compacted to revision {target} by itself");
        else if (error is not StoreError.Compacted) note($"warning: not compacted to revision {target} ({error}); tried again later");
        return error is StoreError.None or StoreError.Compacted;
    }
}
