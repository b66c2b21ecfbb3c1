using Balsa.Raft;
using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Messages;
using Balsa.Replica.Contracts;

namespace Balsa.Replica.Tests;

/// <summary>A disk, a network and a state machine that remember what was asked of them.</summary>
internal sealed class World : ILogWriter, IPeerNetwork, IStateMachine
{
    private int _workLeft, _workCalls;

    public List<LogOperation> Written { get; } = [];

    public List<(Message Message, ReplicaEntry[] Entries)> Sent { get; } = [];

    public List<string> Applied { get; } = [];

    public static RaftOptions Options(ulong self = 1) => new()
    {
        Self = new MemberId(self), Incarnation = new Incarnation(self), Boot = new Boot(1), Seed = 1,
    };

    /// <summary>An entry as a proposer hands it in: an envelope, then the command.</summary>
    public static byte[] Entry(string command)
    {
        var bytes = new byte[EntryEnvelope.Bytes + command.Length];
        new EntryEnvelope { CommandKind = 1, CommandVersion = 1 }.Write(bytes);
        System.Text.Encoding.ASCII.GetBytes(command, bytes.AsSpan(EntryEnvelope.Bytes));
        return bytes;
    }

    public bool IsShort { get; set; }

    public void Write(IReadOnlyList<LogOperation> operations) => Written.AddRange(operations);

    public void Send(in Message message, ReadOnlySpan<ReplicaEntry> entries) => Sent.Add((message, entries.ToArray()));

    public void Reach(Configuration configuration)
    {
    }

    public void Believe(MemberId member, Term term, LogIndex match)
    {
    }

    public int Batches { get; private set; }

    /// <summary>How many of the applied commands readers may see.</summary>
    public int Published { get; private set; }

    /// <summary>How many slices of work are left. Other threads may look while the pump works.</summary>
    public int WorkLeft
    {
        get => Volatile.Read(ref _workLeft);
        set => Volatile.Write(ref _workLeft, value);
    }

    public int WorkCalls => Volatile.Read(ref _workCalls);

    public ReadOnlySpan<byte> Apply(EntryId entry, in EntryEnvelope envelope, ReadOnlySpan<byte> command)
    {
        var text = System.Text.Encoding.ASCII.GetString(command);
        if (text == "poison") throw new InvalidOperationException("poison");
        Applied.Add(text);
        return command;
    }

    public void EndBatch()
    {
        Batches++;
        Published = Applied.Count;
    }

    public bool Work()
    {
        Interlocked.Increment(ref _workCalls);
        return WorkLeft > 0 && --WorkLeft > 0;
    }

    public object Query(ReadOnlyMemory<byte> query) => string.Join(' ', Applied);
}
