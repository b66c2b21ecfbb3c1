using System.Text;
using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Wire;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;

namespace Balsa.KeyValue.Tests.Semantics;

/// <summary>Short words for the tests of the rules. Each family of them runs on the store and on the model.</summary>
public abstract class SemanticsTests
{
    private protected const ulong Term = 7;

    private readonly IStoreUnderTest _store;
    private ulong _index;

    private protected SemanticsTests(IStoreUnderTest store) => _store = store;

    /// <summary>Stamped into every entry from now on, in seconds.</summary>
    private protected long LogSeconds { get; set; }

    private protected long Revision => Get("no such key").Revision;

    private protected static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    private protected static string Text(byte[] bytes) => Encoding.Latin1.GetString(bytes);

    private protected static string Keys(Answer answer) => string.Join(' ', answer.Values.Select(value => Text(value.Key)));

    private protected static PutCommand PutOf(string key, string value = "v", long lease = 0, PutOptions options = PutOptions.None) =>
        new() { Key = Bytes(key), Value = Bytes(value), Lease = lease, Options = options };

    private protected static DeleteCommand DeleteOf(string key, string end = "", bool previous = false) =>
        new() { Key = Bytes(key), End = Bytes(end), ReturnPrevious = previous };

    private protected static RangeQuery RangeOf(string key, string end = "", long revision = 0) =>
        new() { Key = Bytes(key), End = Bytes(end), Revision = revision };

    private protected static CompareClause Is(
        CompareTarget target, string key, CompareResult result, long number = 0, string value = "", string end = "") =>
        new() { Target = target, Key = Bytes(key), End = Bytes(end), Result = result, Number = number, Value = Bytes(value) };

    private protected Answer Apply(
        CommandKind kind, byte[] body, ulong session = 0, ulong request = 0, ushort version = CommandCodec.Version)
    {
        var envelope = new EntryEnvelope
        {
            CommandKind = (byte)kind, CommandVersion = version, Session = session, Request = request,
            LogTime = LogSeconds * TimeSpan.TicksPerSecond,
        };
        return _store.Apply(new EntryId(new Term(Term), new LogIndex(++_index)), envelope, body);
    }

    private protected Answer Put(string key, string value = "v", long lease = 0, PutOptions options = PutOptions.None) =>
        Apply(CommandKind.Put, Body(PutOf(key, value, lease, options)));

    private protected Answer Delete(string key, string end = "", bool previous = false) =>
        Apply(CommandKind.Delete, Body(DeleteOf(key, end, previous)));

    private protected Answer Txn(TxnBuilder txn) => Apply(CommandKind.Txn, Body(txn.Write));

    private protected Answer Get(string key, string end = "", long revision = 0) => Range(RangeOf(key, end, revision));

    private protected Answer Range(in RangeQuery query) => _store.Range(query);

    private protected Answer Compact(long revision) => Apply(CommandKind.Compact, Body(new CompactCommand(revision).Write));

    private protected Answer Grant(long lease, long seconds = 60) =>
        Apply(CommandKind.LeaseGrant, Body(new LeaseGrantCommand(lease, seconds).Write));

    private protected Answer Revoke(long lease) => Apply(CommandKind.LeaseRevoke, Body(new LeaseRevokeCommand(lease).Write));

    private protected Answer Alarm(AlarmAction action, AlarmType type, ulong member = 1) =>
        Apply(CommandKind.Alarm, Body(new AlarmCommand(action, type, member).Write));

    private protected static byte[] Body(in PutCommand put)
    {
        var writer = new ByteWriter();
        put.Write(writer);
        return writer.Written.ToArray();
    }

    private protected static byte[] Body(in DeleteCommand delete)
    {
        var writer = new ByteWriter();
        delete.Write(writer);
        return writer.Written.ToArray();
    }

    private protected static byte[] Body(WriteBody write)
    {
        var writer = new ByteWriter();
        write(writer);
        return writer.Written.ToArray();
    }

    private protected static void AssertRefused(StoreError error, Answer answer) => Assert.Equal(error, answer.Error);

    private protected static void AssertDone(Answer answer) => Assert.Equal(StoreError.None, answer.Error);

    private protected delegate void WriteBody(ByteWriter into);
}
