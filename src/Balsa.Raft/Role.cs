namespace Balsa.Raft;

/// <summary>What a member is doing. A learner is a follower that the configuration gives no vote.</summary>
public enum Role : byte { Follower = 1, PreCandidate = 2, Candidate = 3, Leader = 4 }
