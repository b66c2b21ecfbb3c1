using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Messages;

namespace Balsa.Simulation.Network;

/// <summary>A message on its way, with its entries. Reused: a world sends tens of thousands.</summary>
internal sealed class Envelope
{
    private EntryRef[] _entries = new EntryRef[4];
    private int _count;
    private readonly List<Configuration> _configurations = [];

    internal Origin Origin { get; private set; }

    internal Message Message { get; private set; }

    internal int FromSlot { get; private set; }

    internal int ToSlot { get; private set; }

    /// <summary>How often it is still to be delivered.</summary>
    internal int Copies { get; set; }

    internal ReadOnlySpan<EntryRef> Entries => _entries.AsSpan(0, _count);

    internal ReadOnlySpan<Configuration> Configurations => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_configurations);

    internal void Fill(in Origin origin, in Message message, int fromSlot, int toSlot)
    {
        (Origin, Message, FromSlot, ToSlot, Copies) = (origin, message, fromSlot, toSlot, 0);
        _count = 0;
        _configurations.Clear();
    }

    internal void Add(in EntryRef entry, Configuration? configuration)
    {
        if (_count == _entries.Length) Array.Resize(ref _entries, 2 * _count);
        _entries[_count++] = entry;
        if (configuration is not null) _configurations.Add(configuration);
    }
}
