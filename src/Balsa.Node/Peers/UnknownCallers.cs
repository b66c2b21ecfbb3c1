using Balsa.Raft.Identity;
using Balsa.Raft.Membership;

namespace Balsa.Node.Peers;

/// <summary>
/// Members that call although this member's log does not name them: it lags, and they have joined since. One of them may lead, so
/// they are answered where they say that they are, until the log names them. A member that has just joined knows only whom its
/// operator named, and the leader need not be among them.
/// </summary>
public sealed class UnknownCallers
{
    private const int CountMax = 16;
    private readonly Dictionary<MemberId, string> _urls = [];

    public IEnumerable<Member> All => _urls.OrderBy(known => known.Key.Value)
        .Select(known => new Member { Id = known.Key, Role = MemberRole.Learner, Name = $"{known.Key}", PeerUrls = known.Value });

    /// <summary>True when this is news.</summary>
    public bool Note(Configuration configuration, MemberId member, string urls)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (configuration.Find(member) is not null || urls.Length == 0) return false;
        if (_urls.TryGetValue(member, out var known) ? known == urls : _urls.Count >= CountMax) return false;
        _urls[member] = urls;
        return true;
    }

    /// <summary>Who is named now needs no place here.</summary>
    public void Forget(Configuration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        foreach (var member in configuration.Members) _urls.Remove(member.Id);
    }
}
