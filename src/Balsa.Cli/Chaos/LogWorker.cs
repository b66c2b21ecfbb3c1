using System.Text;
using Balsa.Raft;
using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Storage;
using Balsa.Storage.Wal;
using Balsa.Storage.Wal.Writing;

namespace Balsa.Cli.Chaos;

/// <summary>
/// Writes to a directory as fast as it can, until the disk or a signal stops it. Each operation is announced on a pipe
/// before the log gets it, and acknowledged there after it is durable: what the pipe says is what somebody was told.
/// </summary>
internal sealed class LogWorker(LogModel model, SnapshotMaker snapshots, Stream pipe, Random dice) : IWalSource
{
    private const int CompactAfter = 300, KeepEntries = 40;

    /// <summary>How often the log is asked to look again, after it found nothing and was closed.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(8);
    private readonly StringBuilder _lines = new();
    private Task<bool> _making = Task.FromResult(false);
    private EntryId _boundary;
    private LogIndex _durable;
    private ulong _steps;

    /// <summary>Returns when the disk failed; the message says how.</summary>
    internal static string Run(string path, int seed)
    {
        using var pipe = Console.OpenStandardOutput();
        using var directory = DataDirectory.Open(WorkerDirectory.Options(path));
        var worker = new LogWorker(WorkerDirectory.Read(directory), new SnapshotMaker(path), pipe, new Random(seed));
        worker.Say(new LogStep(LogStep.Opened, directory.Log.Boot.Value, 0, 0));
        worker.Send();
        var failed = new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously);
        directory.Start(worker, problem => failed.TrySetResult(problem));
        while (!failed.Task.Wait(Pause)) directory.Wake();
        return failed.Task.Result.Message;
    }

    public void Fill(WalBatch batch)
    {
        // Now and then there is nothing, and the log closes itself.
        if (dice.Next(20) == 0) return;
        for (var count = dice.Next(1, 9); count > 0; count--) Put(batch);
        Send();
    }

    public void OnDurable()
    {
        _durable = model.Last.Index;
        Say(new LogStep(LogStep.Acknowledged, 0, _steps, 0));
        Send();
    }

    private void Put(WalBatch batch)
    {
        if (TryCompact(batch)) return;
        switch (dice.Next(30))
        {
            case 0:
                SaveHardState(batch, model.HardState.Term.Next(), new MemberId((ulong)dice.Next(4)));
                break;
            case 1 when model.Last.Index > Fixed:
                // As after an election: the end of the log was somebody else's, and other entries take its place.
                SaveHardState(batch, model.HardState.Term.Next(), MemberId.None);
                var from = model.Last.Index.Value - Math.Min((ulong)dice.Next(10), model.Last.Index - Fixed - 1);
                batch.TruncateFrom(default, new LogIndex(from));
                _durable = LogIndex.Smaller(_durable, new LogIndex(from - 1));
                Take(new LogStep(LogStep.TruncateKind, 0, from, 0));
                break;
            default:
                Append(batch);
                break;
        }
    }

    /// <summary>Entries up to here stay: a snapshot of them exists or is being made.</summary>
    private LogIndex Fixed => LogIndex.Larger(model.Base.Index, _boundary.Index);

    private void SaveHardState(WalBatch batch, Term term, MemberId vote)
    {
        batch.SaveHardState(default, new HardState(term, vote));
        Take(new LogStep(LogStep.HardStateKind, term.Value, vote.Value, 0));
    }

    private void Append(WalBatch batch)
    {
        var length = dice.Next(4) == 0 ? dice.Next(WorkerDirectory.EntryBytesMax) : dice.Next(300);
        var id = new EntryId(model.HardState.Term, model.Last.Index.Next);
        var payload = LogModel.PayloadOf(id, length);
        batch.Append(default, new EntryRef(id, EntryKind.Data, (uint)length, Crc32C.Of(payload), default), payload);
        Take(new LogStep(LogStep.EntryKind, id.Term.Value, id.Index.Value, length));
    }

    private bool TryCompact(WalBatch batch)
    {
        if (_making is { IsCompletedSuccessfully: true, Result: true } && _boundary.Index > model.Base.Index)
        {
            batch.BeginAfter(default, _boundary, WorkerDirectory.Members);
            Take(new LogStep(LogStep.BaseKind, _boundary.Term.Value, _boundary.Index.Value, 0));
            return true;
        }

        var last = LogIndex.Smaller(_durable, model.Last.Index);
        if (!_making.IsCompleted || last.Value < model.Base.Index.Value + CompactAfter) return false;
        var boundary = model.At(new LogIndex(last.Value - (ulong)dice.Next(KeepEntries)));
        _boundary = boundary;
        _making = Task.Run(() => snapshots.TryMake(boundary));
        return false;
    }

    private void Take(in LogStep step)
    {
        model.Apply(step);
        _steps++;
        Say(step);
    }

    private void Say(in LogStep step) => _lines.Append(step.ToLine());

    private void Send()
    {
        if (_lines.Length == 0) return;
        pipe.Write(Encoding.ASCII.GetBytes(_lines.ToString()));
        _lines.Clear();
    }
}
