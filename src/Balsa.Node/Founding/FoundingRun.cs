using System.Diagnostics;
using System.Security.Cryptography;
using Balsa.Raft.Identity;
using Balsa.Storage.Opening;
using Balsa.Transport.Codec.Parcels;
using Balsa.Transport.Codec.Parcels.Founding;
using Balsa.Transport.Tcp;

namespace Balsa.Node.Founding;

/// <summary>Founds or joins a cluster with a real directory and real connections, for as long as it takes.</summary>
public sealed class FoundingRun
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250), LineEvery = TimeSpan.FromSeconds(3);
    private readonly FoundingDirectory _directory;
    private readonly FoundingOptions _options;
    private readonly PeerNetworkOptions _network;
    private readonly Action<string> _note;
    private readonly FoundingMachine _machine;
    private readonly Lock _gate = new();
    private string _said = "";
    private long _saidAt;

    /// <param name="network">Where to listen; it has no cluster.</param>
    /// <param name="note">Lines for the operator.</param>
    public FoundingRun(FoundingDirectory directory, FoundingOptions options, PeerNetworkOptions network, Action<string> note)
    {
        ArgumentNullException.ThrowIfNull(directory);
        (_directory, _options, _network, _note) = (directory, options, network, note);
        _machine = new FoundingMachine(options, ReadOrDraw(directory));
    }

    /// <summary>When the directory has a record, durable; at once when it had one.</summary>
    /// <exception cref="NodeStartException">This member cannot take part, and why.</exception>
    /// <exception cref="WipedDirectoryException">The directory is empty and should not be.</exception>
    public async Task<FoundingNote> RunAsync(CancellationToken stop)
    {
        if (_machine.Note.Record is not null) return _machine.Note;
        await using var network = new PeerNetwork(_network, new FoundingHandler(Answer, Offer, _note));
        network.Listen();
        _note($"founding: {_options.Name} has an empty directory and asks {_options.Peers}");
        while (true)
        {
            await AskAllAsync(network, stop);
            FoundingDecision decision;
            lock (_gate) decision = _machine.Decide(Draw());
            if (decision.Refusal is { } refusal) throw decision.WipedAt is { } at ? new WipedDirectoryException(refusal, at) : refusal;
            if (decision.Keep is { } keep) Keep(keep);
            if (decision.Founds) await TellAllAsync(network, stop);
            lock (_gate)
                if (_machine.Note.Record is not null) return _machine.Note;
            Say(string.Join("; ", decision.Waits));
            await Task.Delay(Pause, stop);
        }
    }

    /// <summary>What the directory remembers; a directory that remembers nothing draws its incarnation.</summary>
    /// <exception cref="NodeStartException">What is there cannot be read.</exception>
    public static FoundingNote ReadOrDraw(FoundingDirectory directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        if (directory.Noted is { } bytes)
        {
            return FoundingNote.TryRead(bytes.Span) ?? throw new NodeStartException(
                $"the file `founding` in {directory.Path} is damaged or of a newer version.",
                "It says which cluster the directory belongs to, and is written as a whole or not at all.",
                "restore the file; or, if this member never started, empty the directory");
        }

        var draft = FoundingNote.Draft(new Incarnation(Draw()));
        directory.Note(draft.ToBytes());
        return draft;
    }

    private async Task AskAllAsync(PeerNetwork network, CancellationToken stop)
    {
        FoundingAsk ask;
        lock (_gate) ask = _machine.Ask();
        await Task.WhenAll(_machine.Others.Select(async peer =>
        {
            var reply = await network.AskAsync(peer.Addresses, _options.FeatureLevel, ask, stop);
            lock (_gate) _machine.Hear(peer.Name, reply);
        }));
    }

    /// <summary>Who does not hear of it now asks later, and is told then.</summary>
    private Task TellAllAsync(PeerNetwork network, CancellationToken stop)
    {
        var record = _machine.Note.Record!;
        _note($"founded cluster {record.Cluster:x16} with {_options.Peers}");
        return Task.WhenAll(_machine.Others.Select(peer => network.AskAsync(peer.Addresses, _options.FeatureLevel, record, stop)));
    }

    private FoundingAnswer? Answer(Parcel asked)
    {
        lock (_gate) return asked is FoundingAsk ask ? _machine.Answer(ask) : null;
    }

    /// <summary>The record that the founder brings.</summary>
    private FoundingAnswer Offer(FoundingRecord record)
    {
        lock (_gate)
        {
            if (_machine.Accept(record) is { } accepted) Keep(accepted);
            return _machine.Answer(_machine.Ask());
        }
    }

    private void Keep(FoundingNote note)
    {
        lock (_gate)
        {
            if (_machine.Note.Record is not null) return;
            _directory.Note(note.ToBytes());
            _machine.Adopt(note);
        }

        _note($"member {note.Member.Value} of cluster {note.Record!.Cluster:x16}: {(note.IsFounder ? "founded" : "joins")}");
    }

    private void Say(string waits)
    {
        if (waits.Length == 0 || (waits == _said && Stopwatch.GetElapsedTime(_saidAt) < LineEvery)) return;
        (_said, _saidAt) = (waits, Stopwatch.GetTimestamp());
        _note($"founding waits for {waits}");
    }

    /// <summary>Never 0, which means "none".</summary>
    private static ulong Draw() => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)) | 1;
}
