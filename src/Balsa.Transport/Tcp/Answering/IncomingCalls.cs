using System.Net.Sockets;
using Balsa.Raft.Identity;
using Balsa.Transport.Codec;

namespace Balsa.Transport.Tcp.Answering;

/// <summary>
/// All connections that others have made to us. Strangers, who have not said who they are, have places of their own, and the
/// one who has been silent for longest makes room for the next: however many there are, a member that calls gets its turn.
/// </summary>
internal sealed class IncomingCalls(
    PeerNetworkOptions options, IPeerHandler handler, NetworkCounters counters, Action<MemberId> welcomed) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly LinkedList<IncomingCall> _strangers = [];
    private readonly Dictionary<(MemberId Member, LinkPurpose Link), IncomingCall> _members = [];
    private readonly HashSet<Task> _running = [];
    private bool _isEnding;

    internal int Members
    {
        get { lock (_gate) return _members.Count; }
    }

    internal int Strangers
    {
        get { lock (_gate) return _strangers.Count; }
    }

    /// <summary>Takes the socket over, whatever becomes of it.</summary>
    internal void Serve(Socket caller)
    {
        lock (_gate)
        {
            if (_isEnding)
            {
                caller.Dispose();
                return;
            }

            if (_strangers.Count >= options.StrangersMax) EvictOldest();
            var call = new IncomingCall(caller, options, handler, counters, this, welcomed);
            _strangers.AddLast(call);
            var running = Task.Run(() => call.RunAsync(_stopping.Token));
            _running.Add(running);
            _ = running.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    /// <summary>
    /// The stranger is a member. One that calls again has given its earlier call up, even if nobody told us. False when there
    /// is no place for it.
    /// </summary>
    internal bool TryPromote(IncomingCall call, MemberId member, LinkPurpose link)
    {
        var isFull = false;
        lock (_gate)
        {
            // Evicted in the very moment it spoke.
            if (!_strangers.Remove(call)) return false;
            if (_members.TryGetValue((member, link), out var earlier)) earlier.Close();
            else isFull = _members.Count >= options.ConnectionsMax;
            if (!isFull) _members[(member, link)] = call;
        }

        if (isFull) handler.Note($"closed a call of {member}: {options.ConnectionsMax} connections of members are open, the limit");
        return !isFull;
    }

    /// <summary>On whatever it has called with so far; it may call again.</summary>
    internal void HangUp(MemberId member)
    {
        lock (_gate)
        {
            foreach (var (key, call) in _members)
                if (key.Member == member) call.Close();
        }
    }

    internal void Release(IncomingCall call)
    {
        lock (_gate)
        {
            if (_strangers.Remove(call)) return;
            foreach (var (key, member) in _members)
            {
                if (member != call) continue;
                _members.Remove(key);
                return;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task[] open;
        lock (_gate) (_isEnding, open) = (true, [.. _running]);
        await _stopping.CancelAsync();
        await Task.WhenAll(open);
        _stopping.Dispose();
    }

    private void EvictOldest()
    {
        var oldest = _strangers.First!.Value;
        _strangers.RemoveFirst();
        oldest.Close();
        counters.CountEvicted();
    }

    private void Forget(Task running)
    {
        lock (_gate) _running.Remove(running);
    }
}
