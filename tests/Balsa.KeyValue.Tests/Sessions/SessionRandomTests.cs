using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Sessions;
using Balsa.KeyValue.Store;
using Balsa.KeyValue.Wire;
using static Balsa.KeyValue.Tests.Sessions.SessionTables;

namespace Balsa.KeyValue.Tests.Sessions;

/// <summary>The table against the model, with captures that are taken while it changes and restored.</summary>
public sealed class SessionRandomTests
{
    private static readonly StoreOptions Options =
        new() { SessionsMax = 12, SessionAnswersMax = 5, SessionAnswerBytesMax = 60, AnswerBytesMax = 250 };

    private readonly SessionModel _model = new(Options);
    private readonly ByteWriter _captured = new();
    private SessionTable<NoStoreProbe> _table = new(Options);
    private byte[]? _expected;
    private ulong _expectedHash;
    private ulong _index;
    private long _now;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void The_table_its_captures_and_what_is_restored_from_them_do_what_the_model_does(int seed)
    {
        var random = new Random(seed);
        var captures = 0;
        var verdicts = new Dictionary<string, int>();
        for (var step = 0; step < 20_000; step++)
        {
            var verdict = Change(random);
            var kind = verdict.Contains(':', StringComparison.Ordinal) ? "repeated" : verdict.Split(' ')[0];
            verdicts[kind] = verdicts.GetValueOrDefault(kind) + 1;
            Assert.Equal((_model.Count, _model.AnswerBytes), (_table.Count, _table.AnswerBytes));
            if (_expected is null && random.Next(50) == 0) Begin();
            else if (_expected is not null && random.Next(100) == 0) Abandon();
            else if (_expected is not null && random.Next(3) == 0 && _table.CaptureSlice(_captured, random.Next(4)))
            {
                Finish();
                captures++;
            }
        }

        Assert.True(captures > 100, $"{captures} captures were finished");
        string[] expected = ["run", "repeated", "done", "RequestTooOld", "SessionUnknown", "SessionLimit", "None"];
        Assert.All(expected, kind => Assert.True(verdicts.GetValueOrDefault(kind) > 50, kind));
    }

    private string Change(Random random)
    {
        _index++;
        if (random.Next(3) == 0) _now += random.Next(2 * (int)Second);
        _model.Expire(_now, 1);
        _table.Expire(_now, 1);
        var ids = _model.Ids;
        var id = ids.Count == 0 || random.Next(30) == 0 ? (ulong)random.Next(1, 100) : ids[random.Next(ids.Count)];
        var what = random.Next(100);
        if (what < 15)
        {
            var seconds = random.Next(0, 40);
            var opened = _model.Open(_index, _now, seconds);
            Assert.Equal(opened, _table.Open(_index, _now, seconds));
            return opened.ToString();
        }

        if (what < 17)
        {
            Assert.Equal(_model.Close(id), _table.Close(id));
            return "closed";
        }

        return Request(random, id, (ulong)random.Next(12) + _index / 2000 * 4);
    }

    private string Request(Random random, ulong id, ulong request)
    {
        var verdict = _model.Ask(id, request, _now);
        Assert.Equal(verdict, _table.Ask(id, request, _now));
        if (verdict != "run") return verdict;
        if (_expected is null && random.Next(50) == 0) Begin();
        // What runs may be the opening of another session, or an end of this one.
        if (random.Next(20) == 0) Assert.Equal(_model.Open(_index, _now, 30), _table.Open(_index, _now, 30));
        if (random.Next(40) == 0) Assert.Equal(_model.Close(id), _table.Close(id));
        var answer = new byte[random.Next(4) == 0 ? random.Next(90) : random.Next(20)];
        random.NextBytes(answer);
        _model.Remember(id, request, (long)_index, answer);
        _table.Remember(id, request, (long)_index, answer);
        return verdict;
    }

    private void Begin()
    {
        _captured.Clear();
        _table.BeginCapture();
        _expected = _model.Encode();
        _expectedHash = _table.ContentHash;
    }

    private void Abandon()
    {
        _table.EndCapture();
        _expected = null;
        Assert.Equal(_model.Encode(), _table.Capture());
    }

    private void Finish()
    {
        _table.EndCapture();
        Assert.Equal(_expected, _captured.Written.ToArray());
        Assert.Equal(_expectedHash, Restore(_expected!, Options).ContentHash);
        _expected = null;
        // The rest of the run goes on with a table that was captured and restored.
        var restored = Restore(_table.Capture(), Options);
        Assert.Equal(_table.ContentHash, restored.ContentHash);
        _table = restored;
    }
}
