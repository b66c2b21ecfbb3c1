namespace Balsa.Server.Ports;

/// <summary>
/// Connections that have not said yet what they speak. A client says it at once, so when there are too many, the one that has
/// been silent for longest has to go: whoever only opens connections cannot keep others out.
/// </summary>
internal sealed class Undecided(int max, TimeSpan longest)
{
    private readonly TimeSpan _longest = longest;
    private readonly Lock _gate = new();
    private readonly LinkedList<Waiting> _waiting = new();

    /// <summary>In the order in which they came; disposed when the connection has spoken or is gone.</summary>
    internal Waiting Enter(CancellationToken stopping)
    {
        var entered = new Waiting(this, stopping);
        Waiting? oldest = null;
        lock (_gate)
        {
            _waiting.AddLast(entered.Node);
            if (_waiting.Count > max)
            {
                oldest = _waiting.First!.Value;
                _waiting.RemoveFirst();
            }
        }

        oldest?.GiveUp();
        return entered;
    }

    private void Leave(LinkedListNode<Waiting> node)
    {
        lock (_gate)
            if (node.List is not null) _waiting.Remove(node);
    }

    internal sealed class Waiting : IDisposable
    {
        private readonly Undecided _all;
        private readonly CancellationTokenSource _limit;

        internal Waiting(Undecided all, CancellationToken stopping)
        {
            _all = all;
            _limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            _limit.CancelAfter(all._longest);
            Node = new LinkedListNode<Waiting>(this);
        }

        /// <summary>Cancelled when its time is over, or its place is needed.</summary>
        internal CancellationToken Limit => _limit.Token;

        internal LinkedListNode<Waiting> Node { get; }

        public void Dispose()
        {
            _all.Leave(Node);
            _limit.Dispose();
        }

        /// <summary>What follows from it runs elsewhere: whoever calls has a connection of its own to look at.</summary>
        internal void GiveUp()
        {
            try
            {
                _ = _limit.CancelAsync();
            }
            catch (ObjectDisposedException)
            {
                // It has spoken in the meantime.
            }
        }
    }
}
