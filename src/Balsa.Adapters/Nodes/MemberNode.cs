using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Store;
using Balsa.Node;
using Balsa.Node.Stores;
using Balsa.Raft;
using Balsa.Raft.Effects;
using Balsa.Raft.Election;
using Balsa.Raft.Identity;
using Balsa.Raft.Membership;
using Balsa.Raft.Reads;
using Balsa.Replica;

namespace Balsa.Adapters.Nodes;

/// <summary>The running member that ships, as dialects see it. Its methods may be called by any thread.</summary>
/// <param name="views">Of the store that the member's log is applied to.</param>
/// <param name="permission">Whether elections may be forced, which is for the cluster to say.</param>
public sealed class MemberNode(RunningMember member, ViewGate views, ForcedElections permission, MemberNodeOptions options) : IDialectNode
{
    private static readonly TimeSpan OrderMax = TimeSpan.FromSeconds(2);

    public string Name => options.Name;

    public bool PlaysDead => member.PlaysDead;

    public async Task<NodeReport?> ReportAsync()
    {
        if (await member.Pump.StatusAsync() is not { } status) return null;
        return new NodeReport
        {
            Name = Name, Role = status.Role, Term = status.HardState.Term.Value, Leader = PlaysDead ? null : NameOf(status.Leader),
            VotedFor = NameOf(status.HardState.VotedFor), LastIndex = status.Last.Index.Value, LastTerm = status.Last.Term.Value,
            Commit = status.Commit.Value, Applied = status.Applied.Value, Votes = status.Votes, Members = [.. MembersOf(status)],
            LeaderSilentMs = status.Role == Role.Leader || status.Leader.IsNone ? null : MsBetween(status.LeaderHeardAt, status.Now),
            ElectionTimeout = options.ElectionTimeout, HeartbeatInterval = options.HeartbeatInterval, PlaysDead = PlaysDead,
        };
    }

    public async Task<WriteResult> WriteAsync(CommandKind kind, byte[] entry, WriteRoute route, TimeSpan patience)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (entry.Length > options.EntryBytesMax) return new WriteResult(Verdict.NotDone, Reason.TooLarge, null);
        if (!options.HasRoomFor(kind, entry)) return new WriteResult(Verdict.NotDone, Reason.Busy, null);
        var asked = member.Pump.ProposeAsync(entry, route == WriteRoute.ToTheLeader ? patience : TimeSpan.Zero);
        var told = await WithinAsync(asked, patience, Outcome.Unknown(Reason.TimedOut));
        var answer = told.Outcome.Verdict == Verdict.Done ? Answer.Read(kind, (byte[])told.Result!) : null;
        return new WriteResult(told.Outcome.Verdict, told.Outcome.Reason, NameOf(told.Leader)) { Answer = answer, Entry = told.Entry };
    }

    public async Task<ReadResult<T>> ReadAsync<T>(Func<StoreView, T> look, bool isLocal, TimeSpan patience)
    {
        ArgumentNullException.ThrowIfNull(look);
        var asked = member.Pump.QueryAsync(default, isLocal ? ReadMode.Local : ReadMode.Quorum, patience);
        var told = await WithinAsync(asked, patience, Outcome.NotDone(Reason.TimedOut));
        if (told.Outcome.Verdict != Verdict.Done)
            return new ReadResult<T>(told.Outcome.Verdict, told.Outcome.Reason, NameOf(told.Leader), default);
        using var reader = views.Enter();
        return new ReadResult<T>(Verdict.Done, Reason.None, NameOf(told.Leader), look(reader.View));
    }

    public async Task<CommandResult> ConvertToFollowerAsync()
    {
        Resume();
        var told = await WithinAsync(member.Pump.GiveUpLeadershipAsync(), OrderMax, Outcome.Unknown(Reason.TimedOut));
        // Whoever does not lead is what it was asked to be: a candidate follows as soon as it hears of a leader.
        return told.Outcome.Verdict == Verdict.Done || told.Outcome.Reason == Reason.NotLeader
            ? CommandResult.Done : new CommandResult($"it cannot step down now ({told.Outcome})");
    }

    public async Task<CommandResult> TimeOutNowAsync()
    {
        if (PlaysDead) return new CommandResult("it plays dead; resume it first");
        if (!await permission.IsGrantedWithinAsync(OrderMax))
            return new CommandResult("the cluster has not agreed yet that elections may be forced: nobody led for long enough");
        // A leader stands like any other member: it gives up, and asks for votes in the next term.
        var gaveUp = member.Pump.GiveUpLeadershipAsync();
        var stood = await WithinAsync(member.Pump.StandForElectionAsync(CampaignKind.Forced), OrderMax, Outcome.Unknown(Reason.TimedOut));
        await gaveUp;
        var stands = stood.Outcome.Verdict != Verdict.NotDone
            || stood.Outcome.Reason is Reason.AnotherLeader or Reason.ElectionLost or Reason.TimedOut;
        return stands ? CommandResult.Done : new CommandResult($"it may not stand for election ({stood.Outcome.Reason})");
    }

    public void PlayDead() => Play(dead: true);

    public void Resume() => Play(dead: false);

    public void ShutDown() => options.ShutDown();

    private void Play(bool dead)
    {
        if (member.PlaysDead == dead) return;
        member.PlaysDead = dead;
        options.Note(dead ? "plays dead: Do Not Disturb" : "is back among the living");
    }

    private string? NameOf(MemberId id) =>
        id.IsNone ? null : member.Peers.Configuration.Find(id)?.Name is { Length: > 0 } name ? name : $"{id}";

    private IEnumerable<MemberReport> MembersOf(ReplicaStatus status)
    {
        var peers = status.Peers.ToDictionary(peer => peer.Member);
        foreach (var one in status.Configuration.Members.ToArray())
        {
            var known = peers.TryGetValue(one.Id, out var peer);
            yield return new MemberReport(
                one.Id.Value, NameOf(one.Id)!, one.Role == MemberRole.Voter, known ? peer.Match.Value : 0, known ? peer.Next.Value : 0,
                known ? MsBetween(peer.HeardAt, status.Now) : null);
        }
    }

    private static double MsBetween(long then, long now) => Math.Round(new TimeSpan(Math.Max(0, now - then)).TotalMilliseconds, 1);

    private static async Task<ReplicaAnswer> WithinAsync(Task<ReplicaAnswer> asked, TimeSpan patience, Outcome otherwise)
    {
        try
        {
            return await asked.WaitAsync(patience);
        }
        catch (TimeoutException)
        {
            return new ReplicaAnswer(otherwise, default, default, null);
        }
    }
}
