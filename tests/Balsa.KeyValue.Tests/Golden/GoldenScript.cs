using System.Text;
using Balsa.KeyValue.Commands;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;

namespace Balsa.KeyValue.Tests.Golden;

/// <summary>Collects entries as a leader would have written them, one millisecond of log time apart.</summary>
internal sealed class GoldenScript
{
    private readonly List<GoldenEntry> _entries = [];
    private long _time;

    internal IReadOnlyList<GoldenEntry> Entries => _entries;

    internal CommandCodec Codec { get; } = new();

    internal ulong Term { get; set; } = 3;

    /// <summary>Of the entries that follow; 0: none.</summary>
    internal ulong Session { get; set; }

    internal ulong Request { get; set; }

    /// <summary>The index of the newest entry, which is what a session opened by it is called.</summary>
    internal ulong Index => (ulong)_entries.Count;

    internal static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    internal void Pass(long seconds) => _time += seconds * TimeSpan.TicksPerSecond;

    internal EntryEnvelope Envelope() => new()
    {
        LogTime = _time += TimeSpan.TicksPerMillisecond, Session = Session, Request = Request,
        Origin = new MemberId(2), OriginBoot = new Boot(1), User = 7, AuthRevision = 9,
    };

    internal void Add(byte[] entry, string comment) => _entries.Add(new GoldenEntry(Term, entry, comment));

    internal void Put(string key, string value, string comment, PutOptions options = PutOptions.None, long lease = 0) =>
        Add(Codec.Put(new PutCommand { Key = Bytes(key), Value = Bytes(value), Options = options, Lease = lease }, Envelope()), comment);

    internal void Delete(string key, string end, string comment, bool previous = true) =>
        Add(Codec.Delete(new DeleteCommand { Key = Bytes(key), End = Bytes(end), ReturnPrevious = previous }, Envelope()), comment);

    internal void Txn(TxnBuilder txn, string comment) => Add(Codec.Txn(txn, Envelope()), comment);

    internal void Compact(long revision, string comment) => Add(Codec.Compact(new CompactCommand(revision), Envelope()), comment);

    internal void Grant(long lease, long seconds, string comment) =>
        Add(Codec.LeaseGrant(new LeaseGrantCommand(lease, seconds), Envelope()), comment);

    internal void Revoke(long lease, string comment) => Add(Codec.LeaseRevoke(new LeaseRevokeCommand(lease), Envelope()), comment);

    internal void Expire(ulong term, long lease, string comment) =>
        Add(Codec.LeaseExpire(new LeaseExpireCommand(term, lease), Envelope()), comment);

    internal void Checkpoint(ulong term, string comment, params ReadOnlySpan<LeaseRest> rests) =>
        Add(Codec.LeaseCheckpoint(term, rests, Envelope()), comment);

    internal void Alarm(AlarmAction action, AlarmType type, ulong member, string comment) =>
        Add(Codec.Alarm(new AlarmCommand(action, type, member), Envelope()), comment);

    internal void OpenSession(long seconds, string comment) => Add(Codec.SessionOpen(new SessionOpenCommand(seconds), Envelope()), comment);

    internal void CloseSession(string comment) => Add(Codec.SessionClose(Envelope()), comment);

    internal void Touch(string comment) => Add(Codec.Touch(Envelope()), comment);

    /// <summary>Bytes that no codec of ours writes.</summary>
    internal void Raw(CommandKind kind, string comment, params ReadOnlySpan<byte> body) =>
        Add(CommandCodec.Entry(kind, body, Envelope()), comment);

    /// <summary>A put or delete of version 1: four bytes of key length, the key, the value.</summary>
    internal void Earlier(CommandKind kind, int keyLength, string rest, string comment)
    {
        var body = Bytes("\0\0\0\0" + rest);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(body, keyLength);
        var entry = CommandCodec.Entry(kind, body, Envelope());
        // The version of the command, two bytes at 2.
        (entry[2], entry[3]) = (1, 0);
        Add(entry, comment);
    }
}
