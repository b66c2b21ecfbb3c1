using Balsa.Hosting.Sessions;

namespace Balsa.Hosting.Tests.Sessions;

/// <summary>The bounds of what the state keeps for retries.</summary>
public sealed class SessionTableTests
{
    private readonly SessionTable _table = new();

    [Fact]
    public void At_the_limit_new_sessions_are_refused_until_an_old_one_is_over()
    {
        for (var i = 1; i <= SessionTable.SessionsMax; i++) Assert.True(_table.TryOpen((ulong)i, 10, 0));

        Assert.False(_table.TryOpen(5000, 10, TimeSpan.FromSeconds(10).Ticks));
        Assert.True(_table.TryOpen(5001, 10, TimeSpan.FromSeconds(11).Ticks));
        Assert.Equal(1, _table.Count);
    }

    [Fact]
    public void A_session_forgets_answers_and_then_requests()
    {
        _table.TryOpen(1, 10, 0);
        for (var request = 1UL; request <= 10; request++) Run(1, request, 100_000);

        Assert.True(_table.Bytes <= SessionTable.SessionBytesMax);
        Assert.Equal(RequestVerdict.NotKept, Ask(1, 1));
        Assert.Equal(RequestVerdict.Repeated, Ask(1, 10));
        for (var request = 11UL; request <= SessionTable.RequestsMax + 1; request++) Run(1, request, 1);
        Assert.Equal(RequestVerdict.TooOld, Ask(1, 1));
    }

    [Fact]
    public void All_sessions_together_keep_a_bounded_number_of_bytes()
    {
        for (var session = 1UL; session <= 200; session++)
        {
            _table.TryOpen(session, 1000, (long)session);
            Run(session, 1, SessionTable.SessionBytesMax, (long)session);
        }

        Assert.True(_table.Bytes <= SessionTable.AllBytesMax);
        Assert.Equal((RequestVerdict.NotKept, RequestVerdict.Repeated), (Ask(1, 1), Ask(200, 1)));
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        _table.TryOpen(1, 10, 5);
        Run(1, 1, 300);
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true)) _table.Write(writer);
        stream.Position = 0;

        using var reader = new BinaryReader(stream);
        var other = SessionTable.Read(reader);

        Assert.Equal((_table.Count, _table.Bytes), (other.Count, other.Bytes));
        Assert.Equal(RequestVerdict.Repeated, other.Begin(1, 1, 0, 6, out var index, out var answer));
        Assert.Equal((1UL, 300), (index, answer.Length));
    }

    private void Run(ulong session, ulong request, int bytes, long logTime = 0)
    {
        Assert.Equal(RequestVerdict.Runs, _table.Begin(session, request, 0, logTime, out _, out _));
        _table.End(session, request, request, new byte[bytes], keeps: true);
    }

    private RequestVerdict Ask(ulong session, ulong request) => _table.Begin(session, request, 0, 0, out _, out _);
}
