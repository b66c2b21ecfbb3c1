using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Sessions;
using Balsa.KeyValue.Store;
using Balsa.KeyValue.Wire;
using Balsa.Raft.Log;

namespace Balsa.KeyValue.Tests.Sessions;

/// <summary>Short forms for tests. What the table says of a request becomes a text that can be compared.</summary>
internal static class SessionTables
{
    internal const long Second = TimeSpan.TicksPerSecond;

    internal static StoreError Open<TProbe>(this SessionTable<TProbe> table, ulong id, long now, long seconds = 60)
        where TProbe : struct, IStoreProbe => table.Open(new LogIndex(id), now, seconds);

    internal static string Ask<TProbe>(this SessionTable<TProbe> table, ulong session, ulong request, long now = 0)
        where TProbe : struct, IStoreProbe
    {
        var verdict = table.Begin(session, request, now);
        if (verdict.Runs) return "run";
        if (verdict.Error == StoreError.AnswerNotKept) return $"done at {verdict.Revision}";
        return verdict.Error != StoreError.None
            ? verdict.Error.ToString()
            : $"{verdict.Revision}: {Convert.ToHexString(verdict.Answer)}";
    }

    /// <summary>Asks, and when it is to run, remembers an answer of so many bytes, each the number of the request.</summary>
    internal static string Do<TProbe>(this SessionTable<TProbe> table, ulong session, ulong request, int length = 1, long now = 0)
        where TProbe : struct, IStoreProbe
    {
        var verdict = table.Ask(session, request, now);
        if (verdict == "run") table.Remember(session, request, (long)(1000 + request), AnswerOf(request, length));
        return verdict;
    }

    internal static byte[] AnswerOf(ulong request, int length)
    {
        var answer = new byte[length];
        answer.AsSpan().Fill((byte)request);
        return answer;
    }

    internal static string Kept(ulong request, int length = 1) =>
        $"{1000 + request}: {Convert.ToHexString(AnswerOf(request, length))}";

    internal static byte[] Capture<TProbe>(this SessionTable<TProbe> table)
        where TProbe : struct, IStoreProbe
    {
        var bytes = new ByteWriter();
        table.BeginCapture();
        Assert.True(table.CaptureSlice(bytes, int.MaxValue));
        table.EndCapture();
        return bytes.Written.ToArray();
    }

    internal static SessionTable<NoStoreProbe> Restore(byte[] bytes, StoreOptions options)
    {
        var table = new SessionTable<NoStoreProbe>(options);
        Assert.True(TryRestore(table, bytes));
        return table;
    }

    internal static bool TryRestore(SessionTable<NoStoreProbe> table, byte[] bytes)
    {
        var from = new ByteReader(bytes);
        while (!from.IsEmpty)
        {
            if (!table.TryRestoreItem(ref from)) return false;
        }

        return table.TryEndRestore();
    }
}
