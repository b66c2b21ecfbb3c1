using System.Text.Json;
using Balsa.Bench.Wal;
using Balsa.Cli.CommandLine;
using Balsa.Cli.Scoreboards;

namespace Balsa.Cli.Commands.Bench;

/// <summary>What `balsa bench wal` prints and promises.</summary>
internal sealed class BenchWalReport(WalBenchResult result, string fileSystem)
{
    internal const string RatioScore = "log append p50 <= 1.3 x a bare loop for 1 record, <= 1.5 x for 100";
    internal const string AllocationScore = "log append allocates 0 bytes";
    internal const string StartScore = "start with a log of 1 GiB <= 3 s";
    private const double SingleMax = 1.3, BatchMax = 1.5, StartSecondsMax = 3;

    private readonly WalDuelResult _single = result.Single, _batch = result.Batch;
    private readonly RecoveryResult _start = result.Recovery;

    public bool Holds => RatiosHold && AllocationHolds && StartHolds;

    private bool RatiosHold => _single.Ratio <= SingleMax && _batch.Ratio <= BatchMax;

    /// <summary>Whole bytes: what a new segment or a table that grows costs is spread over very many records.</summary>
    private bool AllocationHolds => _single.AllocatedPerBatch < 1 && _batch.AllocatedPerBatch / _batch.Records < 1;

    private bool StartHolds => _start.Seconds <= StartSecondsMax;

    public void Print(Output output)
    {
        var (singles, batches, records) = (_single.Rounds, _batch.Rounds, _batch.Records);
        output.Line($"the log on {fileSystem}, p50 in us of {singles} rounds with 1 record and {batches} with {records}");
        output.Line();
        output.Line("              BYTES   BARE LOOP      LOG   RATIO   (OF ALL BLOCKS)   THREAD: DURABLE   ANSWERED");
        Print(output, "1 record", _single);
        Print(output, $"{records} records", _batch);
        output.Line();
        output.Line($"{records} records take {result.BatchPerSingle:F2} times as long as one");
        output.Line($"{_single.AllocatedPerBatch:0.###} bytes allocated for 1 record, {_batch.AllocatedPerBatch:0.###} for {records}");
        output.Line($"{_start.Seconds:F2} s to start with {_start.LogBytes / (double)(1 << 30):F2} GiB and {_start.Entries} entries "
            + $"after a crash ({_start.OpenSeconds:F2} s to open, {_start.ReadSeconds:F2} s to read, {_start.CpuSeconds:F2} s of CPU; "
            + $"slowest {_start.SlowestSeconds:F2} s)");
        output.Object(Write);
    }

    public void Record()
    {
        Scoreboard.Record(RatioScore, $"{_single.Ratio:F2} x, {_batch.Ratio:F2} x", RatiosHold);
        Scoreboard.Record(
            AllocationScore, $"{_single.AllocatedPerBatch:0.###} bytes, {_batch.AllocatedPerBatch:0.###} for {_batch.Records}",
            AllocationHolds);
        Scoreboard.Record(
            StartScore, $"{_start.Seconds:F2} s, {_start.CpuSeconds:F2} s of CPU, slowest {_start.SlowestSeconds:F2} s", StartHolds);
    }

    private static void Print(Output output, string name, WalDuelResult duel)
    {
        output.Line($"{name,-12} {duel.BytesPerBatch,6:F0} {duel.BareP50Us,11:F1} {duel.AppendP50Us,8:F1} {duel.Ratio,7:F2} "
            + $"{$"{duel.Ratios.Least:F2} to {duel.Ratios.Most:F2}",17} {duel.HandedOverP50Us,17:F1} {duel.EndToEndP50Us,10:F1}");
    }

    private void Write(Utf8JsonWriter writer)
    {
        Number(writer, "ratioSingle", _single.Ratio);
        Number(writer, "ratioBatch100", _batch.Ratio);
        Number(writer, "appendP50Us", _single.AppendP50Us);
        Number(writer, "syncP50Us", _single.SyncP50Us);
        Number(writer, "bytesPerAppend", _single.BytesPerBatch);
        Number(writer, "batch100PerSingle", result.BatchPerSingle);
        Number(writer, "bytesPerBatch100", _batch.BytesPerBatch);
        Number(writer, "allocatedPerAppend", _single.AllocatedPerBatch);
        Number(writer, "allocatedPerBatch100", _batch.AllocatedPerBatch);
        Number(writer, "recoverSeconds1GiB", _start.Seconds);
        Number(writer, "openSeconds1GiB", _start.OpenSeconds);
        Number(writer, "readSeconds1GiB", _start.ReadSeconds);
        Number(writer, "recoverSlowestSeconds1GiB", _start.SlowestSeconds);
        Number(writer, "recoverCpuSeconds1GiB", _start.CpuSeconds);
        writer.WriteNumber("recoverEntries", _start.Entries);
        writer.WriteNumber("recoverBytes", _start.LogBytes);
        writer.WriteNumber("closesWritten", _single.Closes + _batch.Closes);
        writer.WriteString("fileSystem", fileSystem);
        writer.WriteNumber("rounds", _single.Rounds + _batch.Rounds);
        Write(writer, "single", _single);
        Write(writer, "batch100", _batch);
        writer.WriteBoolean("holds", Holds);
    }

    private static void Write(Utf8JsonWriter writer, string name, WalDuelResult duel)
    {
        writer.WriteStartObject(name);
        Number(writer, "bareP50Us", duel.BareP50Us);
        Number(writer, "appendP50Us", duel.AppendP50Us);
        Number(writer, "syncP50Us", duel.SyncP50Us);
        Number(writer, "handedOverP50Us", duel.HandedOverP50Us);
        Number(writer, "endToEndP50Us", duel.EndToEndP50Us);
        Number(writer, "endToEndRatio", duel.EndToEndP50Us / duel.BareP50Us);
        Number(writer, "ratioP50", duel.Ratios.Median);
        Number(writer, "ratioMin", duel.Ratios.Least);
        Number(writer, "ratioMax", duel.Ratios.Most);
        Number(writer, "ratioOfP50s", duel.AppendP50Us / duel.BareP50Us);
        writer.WriteNumber("blocks", duel.Ratios.Count);
        writer.WriteNumber("rounds", duel.Rounds);
        writer.WriteNumber("closesWritten", duel.Closes);
        writer.WriteEndObject();
    }

    private static void Number(Utf8JsonWriter writer, string name, double value) => writer.WriteNumber(name, Math.Round(value, 3));
}
