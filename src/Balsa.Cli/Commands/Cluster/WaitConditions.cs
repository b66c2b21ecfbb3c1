using System.Net;
using System.Text;
using Balsa.Cli.Clients;
using Balsa.Server.Protocol;

namespace Balsa.Cli.Commands.Cluster;

/// <summary>What `balsa wait` waits for; all of it must be so at once.</summary>
/// <param name="Healthy">Every member is up and follows.</param>
/// <param name="Leader">Writes work.</param>
/// <param name="Revision">Applied by every member that answers, and a majority at least.</param>
/// <param name="Key">A key, or a key and its value.</param>
internal sealed record WaitConditions(bool Healthy, bool Leader, long? Revision, string? Key)
{
    private static readonly TimeSpan LongestRead = TimeSpan.FromSeconds(1);

    /// <summary>What is not as wanted yet, as a sentence; null when everything is.</summary>
    public async Task<string?> MissingAsync(ClusterView view, IReadOnlyList<IPEndPoint> endpoints)
    {
        if (Healthy && view.Health != "healthy") return $"The cluster is {view.Health}: {StatusPage.Sentence(view)[2..]}.";
        if (Leader && !view.WritesWork) return "No member leads a majority.";
        if (Revision is { } revision && MissingRevision(view, revision) is { } behind) return behind;
        return Key is null ? null : await MissingKeyAsync(Key, endpoints);
    }

    private static string? MissingRevision(ClusterView view, long revision)
    {
        if (view.Answers.Count <= view.Members.Count / 2) return $"Only {view.Answers.Count} of {view.Members.Count} members answer.";
        var behind = view.Answers.Values.Where(node => node.Revision < revision).Select(node => $"{node.Name} is at {node.Revision}");
        return behind.Any() ? $"Revision {revision} is not everywhere: {string.Join(", ", behind)}." : null;
    }

    private static async Task<string?> MissingKeyAsync(string wanted, IReadOnlyList<IPEndPoint> endpoints)
    {
        var parts = wanted.Split('=', 2);
        using var client = new ClusterClient(endpoints);
        var read = new ClientRequest { Op = ClientOperation.Get, Key = Encoding.UTF8.GetBytes(parts[0]) };
        if (await client.AskAsync(read, LongestRead) is not { Outcome: ClientOutcome.Done } response)
            return "The key cannot be read: no answer from a leader.";
        if (response.Values is not [var found, ..]) return $"There is no key {KeyText.Quote(parts[0])} at revision {response.Revision}.";
        if (parts.Length < 2 || found.Value.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(parts[1]))) return null;
        return $"{KeyText.Quote(parts[0])} has another value ({KeyText.Describe(found)}).";
    }
}
