using System.Globalization;
using System.Text;
using System.Text.Json;
using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Store;
using Balsa.KeyValue.Wire;
using Balsa.Raft.Effects;
using Balsa.Raft.Reads;
using Balsa.Replica.Hosting;

namespace Balsa.Adapters.Nodes;

/// <summary>
/// The list of everything that STORE has put down, in order and complete whatever was compacted. One transaction puts the key
/// and appends to the list, so that both are there or none. A counter says where the list ends: the transaction does nothing
/// unless the counter is as its proposer believed, so two leaders can never use one position.
/// </summary>
/// <remarks>
/// A request with a ticket appends once however often it comes: the ticket is put down beside the entry. One object a node; its
/// requests are carried out one after the other, in the order in which they came.
/// </remarks>
public sealed class StoredLog(IDialectNode node)
{
    /// <summary>Nobody's own keys begin with this.</summary>
    public const string ReservedPrefix = "_balsa/";

    private const string EntryPrefix = ReservedPrefix + "stored/", Counter = ReservedPrefix + "stored-count",
        TicketPrefix = ReservedPrefix + "stored-ticket/";

    private const int PositionDigits = 16, PageEntries = 64, BytesAtOnceMax = 4 << 20;
    private readonly Lock _gate = new();
    private Task _last = Task.CompletedTask;
    private ListEnd _end;

    /// <param name="ticket">Names the request; null for one that is new each time.</param>
    public Task<StoreResult> AppendAsync(JsonElement key, JsonElement value, string? ticket, TimeSpan patience)
    {
        var request = new StoreRequest(NameOf(key), key.GetRawText(), value.GetRawText(), ticket);
        lock (_gate)
        {
            var mine = AfterAsync(_last, request, MonotonicClock.Now + patience.Ticks);
            _last = mine;
            return mine;
        }
    }

    /// <param name="from">The first position wanted.</param>
    /// <param name="limit">At most so many entries; fewer when they are large.</param>
    /// <param name="isLocal">What this member has applied will do; otherwise everything acknowledged is there.</param>
    public Task<ReadResult<StoredPage>> ReadAsync(long from, int limit, bool isLocal, TimeSpan patience) =>
        node.ReadAsync(view => PageOf(view, from, limit), isLocal, patience);

    /// <summary>The newest entries that this member has applied.</summary>
    public Task<ReadResult<StoredPage>> ReadNewestAsync(int limit, TimeSpan patience) =>
        node.ReadAsync(view => PageOf(view, Math.Max(1, CountIn(view) - limit + 1), limit), isLocal: true, patience);

    /// <summary>A key that is text is stored under that text, any other one under its JSON.</summary>
    internal static string NameOf(JsonElement key)
    {
        if (key.ValueKind != JsonValueKind.String) return key.GetRawText();
        try
        {
            return key.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair: JSON allows to write it, and no text has it.
            return key.GetRawText();
        }
    }

    private async Task<StoreResult> AfterAsync(Task before, StoreRequest request, long deadline)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (request.Name.Length == 0) return StoreResult.Refused("the key is empty; nothing was done");
        if (request.Name.StartsWith(ReservedPrefix, StringComparison.Ordinal))
            return StoreResult.Refused($"keys that begin with {ReservedPrefix} are not for clients; nothing was done");
        while (true)
        {
            if (await node.ReportAsync() is not { } report) return StoreResult.Refused("the node is too busy; nothing was done");
            if (!report.Leads) return StoreResult.NotLeader(report.Leader);
            var end = _end;
            var entry = new StoredEntry(end.Count + 1, report.Term, request.Key, request.Value);
            var left = new TimeSpan(Math.Max(1, deadline - MonotonicClock.Now));
            var told = await node.WriteAsync(CommandKind.Txn, EntryOf(request, entry, end), WriteRoute.OnlyAsLeader, left);
            if (told.Verdict != Verdict.Done) return StoreResult.Of(told);
            if (told.Answer!.Error != StoreError.None) return StoreResult.Refused(StoreErrors.Explain(told.Answer.Error).Message);
            if (told.Answer.Succeeded)
            {
                _end = new ListEnd(entry.Position, told.Answer.Revision);
                return StoreResult.Stored(entry);
            }

            // Nothing happened, and the answer says how it really is.
            _end = ListEnd.Of(told.Answer.Responses[0]);
            if (told.Answer.Responses is [_, { Values: [var found] }])
                return StoreResult.Stored(StoredEntry.Read(PositionIn(found.Value), found.Value.AsSpan(PositionDigits).ToArray()));
            if (MonotonicClock.Now >= deadline) return StoreResult.Refused("too many stores at a time; nothing was done");
        }
    }

    private static byte[] EntryOf(StoreRequest request, StoredEntry entry, ListEnd end)
    {
        var (counter, stored) = (Utf8(Counter), entry.ToBytes());
        var txn = new TxnBuilder()
            .If(new CompareClause { Key = counter, Target = CompareTarget.Modified, Number = end.Revision })
            .Then(new PutCommand { Key = Utf8(request.Name), Value = Utf8(request.Value) })
            .Then(new PutCommand { Key = Utf8(EntryPrefix + Digits(entry.Position)), Value = stored })
            .Then(new PutCommand { Key = counter, Value = Utf8(Digits(entry.Position)) })
            .Else(new RangeQuery { Key = counter });
        if (request.Ticket is not { } ticket) return new CommandCodec().Txn(txn);
        var key = Utf8(TicketPrefix + ticket);
        txn.If(new CompareClause { Key = key, Target = CompareTarget.Version, Number = 0 })
            .Then(new PutCommand { Key = key, Value = [.. Utf8(Digits(entry.Position)), .. stored] })
            .Else(new RangeQuery { Key = key });
        return new CommandCodec().Txn(txn);
    }

    private static StoredPage PageOf(StoreView view, long from, int limit)
    {
        var (entries, bytes, next) = (new List<StoredEntry>(), 0L, Math.Max(1, from));
        var count = CountIn(view);
        while (next <= count && entries.Count < limit && bytes < BytesAtOnceMax)
        {
            var found = RangeIn(view, EntryPrefix + Digits(next), EntryPrefix + ":", Math.Min(PageEntries, limit - entries.Count));
            if (found.Count == 0) break;
            foreach (var one in found)
            {
                next = PositionIn(one.Key.AsSpan(EntryPrefix.Length)) + 1;
                entries.Add(StoredEntry.Read(next - 1, one.Value));
                bytes += one.Value.Length;
            }
        }

        return new StoredPage(entries, count);
    }

    private static long CountIn(StoreView view) => ListEnd.Of(view, Counter).Count;

    private static IReadOnlyList<KeyValue.Answers.KeyValue> RangeIn(StoreView view, string first, string end, int limit)
    {
        var buffer = new ByteWriter();
        view.Range(new RangeQuery { Key = Utf8(first), End = Utf8(end), Limit = limit }, buffer);
        return Answer.ReadRange(buffer.Written).Values;
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static string Digits(long position) => position.ToString($"D{PositionDigits}", CultureInfo.InvariantCulture);

    private static long PositionIn(ReadOnlySpan<byte> digits) =>
        long.TryParse(digits[..Math.Min(digits.Length, PositionDigits)], CultureInfo.InvariantCulture, out var position) ? position : 0;

    private sealed record StoreRequest(string Name, string Key, string Value, string? Ticket);

    /// <summary>Where the list ends, and at which revision that was written; both 0 before the first entry.</summary>
    private readonly record struct ListEnd(long Count, long Revision)
    {
        internal static ListEnd Of(Answer counter) =>
            counter.Values is [var found] ? new ListEnd(PositionIn(found.Value), found.Modified) : default;

        internal static ListEnd Of(StoreView view, string counter)
        {
            var buffer = new ByteWriter();
            view.Range(new RangeQuery { Key = Utf8(counter) }, buffer);
            return Of(Answer.ReadRange(buffer.Written));
        }
    }
}
