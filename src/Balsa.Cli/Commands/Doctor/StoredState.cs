using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Balsa.Adapters.Nodes;
using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Wire;
using Balsa.Node.Snapshots.Jobs;
using Balsa.Node.Stores;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Replica.Snapshots;
using Balsa.Storage;
using Balsa.Storage.Probes;

namespace Balsa.Cli.Commands.Doctor;

/// <summary>What a directory holds when its snapshot and all entries behind it are applied.</summary>
internal sealed class StoredState
{
    private const string ClientPrefix = StoredLog.ReservedPrefix + "client/";
    private const int PageKeys = 1000;
    private readonly Dictionary<ulong, long> _clients = [];

    internal required ulong Term { get; init; }

    internal required string? VotedFor { get; init; }

    /// <summary>From 0 on; -1 when nothing was ever written.</summary>
    internal required long LastIndex { get; init; }

    /// <summary>Then whatever is in the log is committed.</summary>
    internal required bool IsAlone { get; init; }

    internal required IReadOnlyList<string> Others { get; init; }

    internal List<StoredCommand> Log { get; } = [];

    /// <summary>By the order of their keys.</summary>
    internal List<(string Key, string Value)> Data { get; } = [];

    /// <exception cref="StorageException">The log or the snapshot cannot be read.</exception>
    internal static StoredState Read(DataDirectory directory, Configuration members)
    {
        var (log, views) = (directory.Log, new ViewGate());
        var state = new StoredState
        {
            Term = log.HardState.Term.Value, VotedFor = log.HardState.VotedFor.IsNone ? null : NameOf(members, log.HardState.VotedFor),
            LastIndex = (long)log.Last.Index.Value - 1, IsAlone = members.Members.Length == 1,
            Others = [.. members.Members.ToArray().Where(one => one.Id != log.Identity.Member).Select(one => NameOf(members, one.Id))],
        };
        var machine = new KeyValueMachine(views);
        var next = log.Base.Index.Next;
        if (directory.Snapshots.Newest is { } newest)
        {
            var intake = new StateIntake(machine);
            directory.Run(Restoring.Run<NoStorageProbe>(directory.SnapshotFolder, newest.Id, intake));
            intake.Adopt();
            if (newest.Id.Index >= next) next = newest.Id.Index.Next;
        }

        var entries = directory.Read(log.Base.Index.Next, log.Last.Index).ToList();
        foreach (var (entry, payload) in entries)
        {
            if (entry.Kind != EntryKind.Data || entry.Id.Index < next) continue;
            if (EntryEnvelope.TryRead(payload.Span, out var envelope, out var command) == EnvelopeError.None)
                machine.Apply(entry.Id, envelope, command);
        }

        machine.EndBatch();
        state.TakeKeys(views);
        foreach (var (entry, payload) in entries) state.Log.Add(StoredCommand.Of(entry, payload.Span, state._clients));
        return state;
    }

    private void TakeKeys(ViewGate views)
    {
        var buffer = new ByteWriter();
        byte[] first = [0];
        for (var more = true; more;)
        {
            buffer.Clear();
            using (var reader = views.Enter()) reader.View.Range(new RangeQuery { Key = first, End = [0], Limit = PageKeys }, buffer);
            var page = Answer.ReadRange(buffer.Written);
            foreach (var found in page.Values) Take(Encoding.UTF8.GetString(found.Key), found.Value);
            more = page.More;
            if (page.Values.Count > 0) first = [.. page.Values[^1].Key, 0];
        }
    }

    private void Take(string key, byte[] value)
    {
        if (!key.StartsWith(StoredLog.ReservedPrefix, StringComparison.Ordinal)) Data.Add((key, Encoding.UTF8.GetString(value)));
        else if (key.StartsWith(ClientPrefix, StringComparison.Ordinal) && value.Length == sizeof(ulong))
            _clients[BinaryPrimitives.ReadUInt64BigEndian(value)] =
                long.Parse(key.AsSpan(ClientPrefix.Length), CultureInfo.InvariantCulture);
    }

    private static string NameOf(Configuration members, Raft.Identity.MemberId id) =>
        members.Find(id)?.Name is { Length: > 0 } name ? name : $"{id}";
}
