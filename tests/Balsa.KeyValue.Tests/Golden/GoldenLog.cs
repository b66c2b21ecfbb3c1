using Balsa.KeyValue.Commands;

namespace Balsa.KeyValue.Tests.Golden;

/// <summary>
/// The generator of the golden log: every kind of command, every option, every refusal that a client can cause, and at the
/// end a state that has something of everything for a snapshot.
/// </summary>
internal static class GoldenLog
{
    internal static IReadOnlyList<GoldenEntry> Make()
    {
        var script = new GoldenScript();
        Puts(script);
        Leases(script);
        Deletes(script);
        GoldenTransactions.AddTo(script);
        Alarms(script);
        Sessions(script);
        Malformed(script);
        Rest(script);
        return script.Entries;
    }

    /// <summary>Version 1 of put and delete, among entries of today: the log of a member that was updated.</summary>
    internal static IReadOnlyList<GoldenEntry> MakeEarlier()
    {
        var script = new GoldenScript { Term = 1 };
        for (var i = 0; i < 12; i++) script.Earlier(CommandKind.Put, 2, $"k{i % 5}value {i}", "put");
        script.Earlier(CommandKind.Put, 2, "k0", "put of an empty value");
        script.Earlier(CommandKind.Put, 0, "value", "put without a key");
        script.Earlier(CommandKind.Put, 3, "k\0\u00ff\u0080\0", "put of bytes that are no text");
        script.Earlier(CommandKind.Delete, 2, "k1", "delete");
        script.Earlier(CommandKind.Delete, 2, "k1", "delete of what is not there");
        script.Earlier(CommandKind.Delete, 2, "k2x", "delete with a value");
        script.Earlier(CommandKind.Delete, 9, "k2", "key beyond the end");
        script.Earlier(CommandKind.Put, -1, "k2", "key length of four billion");
        script.Put("k2", "of today", "version 2", PutOptions.ReturnPrevious);
        script.Earlier(CommandKind.Put, 2, "k2once more", "put over it");
        script.Delete("k3", "k4", "version 2");
        script.Earlier(CommandKind.Delete, 2, "k4", "delete");
        script.Compact(10, "version 2");
        script.Earlier(CommandKind.Put, 2, "k4again", "put after a compaction");
        return script.Entries;
    }

    private static void Puts(GoldenScript script)
    {
        script.Put("", "value", "no key");
        script.Put("a", "", "empty value");
        script.Put("a", "1", "a second version");
        for (var options = PutOptions.None; options <= PutOptions.All; options++)
        {
            var value = (options & PutOptions.KeepValue) != PutOptions.None ? "" : $"value {(int)options}";
            script.Put($"option{(int)options}", value, $"{options}, not there", options);
            script.Put("option0", value, $"{options}, there", options);
        }

        script.Put("a", "x", "KeepValue with a value", PutOptions.KeepValue);
        script.Put("a", "x", "KeepLease with a lease", PutOptions.KeepLease, lease: 1);
        script.Put("a", "x", "a lease that is not there", lease: 404);
        script.Put("\0", "\0\u0001\u00ff", "the smallest key");
        script.Put("\u00ff\u00ff", new string('v', 127), "a length of one byte");
        script.Put("\u00ff\u00ff\0", new string('v', 128), "a length of two bytes");
        script.Put(new string('k', 300), new string('w', 700), "long ones");
    }

    private static void Leases(GoldenScript script)
    {
        script.Grant(0, 60, "lease 0");
        script.Grant(1, 0, "no time");
        script.Grant(1, 9_000_000_001, "too long");
        script.Grant(1, 9_000_000_000, "as long as can be");
        script.Grant(1, 5, "there already");
        foreach (var lease in new[] { 2, 300, long.MaxValue, -1, long.MinValue }) script.Grant(lease, 60 + lease % 7, "grant");
        foreach (var lease in new[] { 2, 300, long.MaxValue, -1, long.MinValue })
            for (var key = 0; key < 3; key++) script.Put($"leased{key}", $"{lease}", "moves from lease to lease", lease: lease);
        script.Put("leased0", "kept", "KeepLease", PutOptions.KeepLease);
        script.Put("leased1", "", "KeepValue, and no lease any more", PutOptions.KeepValue);
        script.Put("l/b", "1", "two keys for one lease", lease: 2);
        script.Put("l/a", "1", "two keys for one lease", lease: 2);
        script.Put("l/c", "1", "three", lease: 300);
        script.Checkpoint(3, "rests, one beyond the granted time, one unknown",
            new LeaseRest(2, 1500), new LeaseRest(300, long.MaxValue), new LeaseRest(-1, 7), new LeaseRest(404, 1));
        script.Checkpoint(3, "taken back, and a negative one", new LeaseRest(2, 0), new LeaseRest(300, -5));
        script.Checkpoint(2, "of another term", new LeaseRest(-1, 1));
        script.Checkpoint(3, "nothing");
        script.Expire(2, 2, "of another term");
        script.Expire(3, 2, "deletes two keys");
        script.Expire(3, 2, "gone");
        script.Revoke(404, "not there");
        script.Revoke(long.MinValue, "deletes what it has");
        script.Revoke(300, "deletes one key");
    }

    private static void Deletes(GoldenScript script)
    {
        for (var i = 0; i < 12; i++) script.Put($"d{i:D2}", $"{i}", "to be deleted");
        script.Delete("", "", "no key");
        script.Delete("d00", "", "one");
        script.Delete("d00", "", "nothing");
        script.Delete("d01", "", "without the previous one", previous: false);
        script.Delete("d02", "d05", "a range");
        script.Delete("d05", "d05", "an empty range");
        script.Delete("d07", "d06", "a range backwards");
        script.Delete("d06", "d08", "a range, without the previous ones", previous: false);
        script.Delete("\u00ff", "\0", "to the end of all keys");
        script.Put("d00", "again", "version 1 once more");
    }

    private static void Alarms(GoldenScript script)
    {
        script.Alarm(AlarmAction.Activate, AlarmType.None, 1, "no type");
        script.Alarm(AlarmAction.Activate, AlarmType.NoSpace, 1, "full");
        script.Alarm(AlarmAction.Activate, AlarmType.NoSpace, 1, "once more");
        script.Put("a", "full", "refused");
        script.Txn(new TxnBuilder().Then(new PutCommand { Key = "a"u8 }), "refused");
        script.Txn(new TxnBuilder().Then(new DeleteCommand { Key = "d08"u8 }), "a delete makes room");
        script.Grant(50, 60, "refused");
        script.Alarm(AlarmAction.Activate, AlarmType.Corrupt, ulong.MaxValue, "corrupt");
        script.Delete("a", "", "refused");
        script.Compact(5, "refused");
        script.Revoke(-1, "refused");
        script.Txn(new TxnBuilder().Then(new DeleteCommand { Key = "a"u8 }), "refused");
        script.Txn(new TxnBuilder().Then(new RangeQuery { Key = "a"u8 }), "reads are not");
        for (var type = AlarmType.None; type <= AlarmType.Corrupt; type++) script.Alarm(AlarmAction.Get, type, 0, $"list {type}");
        script.Alarm(AlarmAction.Deactivate, AlarmType.Corrupt, 5, "of a member that has none");
        script.Alarm(AlarmAction.Deactivate, AlarmType.Corrupt, ulong.MaxValue, "well again");
        script.Alarm(AlarmAction.Deactivate, AlarmType.NoSpace, 1, "room again");
    }

    private static void Sessions(GoldenScript script)
    {
        script.OpenSession(0, "no time");
        script.OpenSession(30 * 86_400 + 1, "too long");
        script.OpenSession(3600, "the first session");
        var first = script.Index;
        script.OpenSession(10, "a short one");
        var second = script.Index;
        script.OpenSession(3600, "the third");
        script.OpenSession(3600, "one too many");
        (script.Session, script.Request) = (first, 1);
        script.Put("s", "1", "runs");
        script.Put("s", "1", "runs once only");
        script.Delete("s", "", "another kind under the same number");
        for (script.Request = 2; script.Request < 8; script.Request++)
            script.Put("s", $"{script.Request}", "more", PutOptions.ReturnPrevious);
        script.Request = 1;
        script.Put("s", "1", "too old");
        script.Request = 20;
        script.Put("s", new string('s', 400), "a large value");
        script.Request = 21;
        script.Put("s", "", "an answer too large to be kept", PutOptions.ReturnPrevious);
        script.Put("s", "", "the same again", PutOptions.ReturnPrevious);
        script.Request = 0;
        script.Touch("a sign of life");
        script.Session = second;
        script.Touch("a sign of life of the other");
        script.Pass(11);
        script.Touch("too late");
        script.Session = 999;
        script.CloseSession("never opened");
        script.Session = first + 2;
        script.CloseSession("closed");
        script.Touch("closed, so unknown");
        script.Session = 0;
        script.Touch("only time");
    }

    private static void Malformed(GoldenScript script)
    {
        for (var kind = CommandKind.Put; kind <= CommandKind.Touch; kind++)
        {
            script.Raw(kind, "malformed", 0x80);
            script.Raw(kind, "malformed", 0, 1, 0x61, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02);
        }

        script.Raw(CommandKind.Put, "an unknown option", 16, 1, 0x61, 0, 0);
        script.Raw(CommandKind.Put, "a byte too many", 0, 1, 0x61, 0, 0, 0);
        script.Raw(CommandKind.Put, "a number longer than it need be", 0, 0x81, 0x00, 0x61, 0, 0);
        script.Raw(CommandKind.Delete, "an unknown option", 2, 1, 0x61, 0);
        script.Raw(CommandKind.Alarm, "an unknown action", 3, 1, 0);
        script.Raw(CommandKind.Alarm, "an unknown type", 0, 3, 0);
    }

    private static void Rest(GoldenScript script)
    {
        script.Compact(0, "nothing is so old, and yet");
        script.Compact(-1, "negative");
        script.Compact(long.MaxValue, "in the future");
        script.Compact(60, "forgets");
        script.Compact(60, "once more");
        script.Txn(new TxnBuilder().Then(new RangeQuery { Key = "a"u8, Revision = 59 }), "forgotten");
        script.Txn(new TxnBuilder().Then(new RangeQuery { Key = "a"u8, Revision = -1 }), "negative");
        script.Term = 4;
        script.Grant(400, 90, "in another reign");
        script.Expire(3, 400, "of another term");
        for (var i = 0; i < 30; i++)
        {
            if (i % 6 == 5) script.Delete($"r/{(i * 3 % 11):D2}", "", "some go");
            else script.Put($"r/{(i * 7 % 11):D2}", new string('r', i), "some come", lease: i % 4 == 0 ? 400 : 0);
        }

        script.Txn(
            new TxnBuilder().Then(new PutCommand { Key = "twice"u8 }).Then(new DeleteCommand { Key = "r/02"u8, End = "\0"u8 }),
            "two changes of one key, and a few deletes");
        for (var i = 0; i < 6; i++) script.Put($"r/{i:D2}", "after", "and more", i < 2 ? PutOptions.KeepLease : PutOptions.None);
        script.Compact(113, "what happened at that revision stays");
        script.Checkpoint(4, "a rest that stays", new LeaseRest(400, 12_345));
        script.OpenSession(600, "a session that stays");
        script.Alarm(AlarmAction.Activate, AlarmType.NoSpace, 2, "an alarm that stays");
    }
}
