using System.Globalization;

namespace Balsa.Storage.Tests.Wal.Recovery;

/// <summary>Every byte of every file of the log, one after the other, with one bit wrong.</summary>
public sealed class FlippedByteTests
{
    private const int Block = 512, FirstRecord = 3 * Block;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Every_flipped_byte_is_noticed_or_carries_nothing(bool isClosed)
    {
        var sample = SampleLog.Make(isClosed);
        var problems = new List<string>();
        int apart = 0, same = 0, detected = 0;
        foreach (var file in sample.Files)
        {
            var end = EndOfRecords(sample.Disk[file]);
            for (var at = 0; at < sample.Disk[file].Length; at++)
            {
                var verdict = Flip(sample, file, at, out var told);
                var carriesNothing = at is >= Block and < FirstRecord || at >= end;
                var isApart = !isClosed && file == sample.Files[^1] && at >= sample.LastBatch && at < end;
                if (verdict == Verdict.Same) same++;
                if (verdict == Verdict.Detected) detected++;
                if (isApart && verdict == Verdict.Silent) apart++;
                else if (verdict != (carriesNothing ? Verdict.Same : Verdict.Detected))
                    problems.Add(string.Create(CultureInfo.InvariantCulture, $"{file} {at}: {verdict} {told}"));
            }
        }

        Assert.True(
            problems.Count == 0,
            $"{problems.Count} wrong, {same} same, {detected} detected, {apart} apart\n" + string.Join('\n', problems.Take(12)));
        Assert.Equal(isClosed ? 0 : 2 * 80, apart);
    }

    private static Verdict Flip(SampleLog sample, string file, int at, out string told)
    {
        var disk = sample.Disk.Copy();
        disk[file][at] ^= (byte)(1 << (at & 7));
        return Verdicts.Of(disk, sample.Content, out told);
    }

    private static int EndOfRecords(byte[] segment) =>
        Math.Max(FirstRecord, segment.AsSpan(FirstRecord).LastIndexOfAnyExcept((byte)0) / 8 * 8 + 8 + FirstRecord);
}
