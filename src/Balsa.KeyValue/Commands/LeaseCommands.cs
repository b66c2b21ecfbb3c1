using Balsa.KeyValue.Wire;

namespace Balsa.KeyValue.Commands;

/// <summary>Makes a lease: <c>id | seconds</c>. Whoever proposes it has chosen the id and raised the time to the minimum.</summary>
public readonly record struct LeaseGrantCommand(long Lease, long Seconds)
{
    public void Write(ByteWriter into)
    {
        ArgumentNullException.ThrowIfNull(into);
        into.Varint(Lease);
        into.Varint(Seconds);
    }

    public static bool TryRead(ReadOnlySpan<byte> body, out LeaseGrantCommand command)
    {
        var from = new ByteReader(body);
        command = new LeaseGrantCommand(from.Number(), from.Number());
        return from.EndedWell;
    }
}

/// <summary>Ends a lease and deletes its keys: <c>id</c>.</summary>
public readonly record struct LeaseRevokeCommand(long Lease)
{
    public void Write(ByteWriter into)
    {
        ArgumentNullException.ThrowIfNull(into);
        into.Varint(Lease);
    }

    public static bool TryRead(ReadOnlySpan<byte> body, out LeaseRevokeCommand command)
    {
        var from = new ByteReader(body);
        command = new LeaseRevokeCommand(from.Number());
        return from.EndedWell;
    }
}

/// <summary>A lease is over, says the leader of this term: <c>term | id</c>.</summary>
public readonly record struct LeaseExpireCommand(ulong Term, long Lease)
{
    public void Write(ByteWriter into)
    {
        ArgumentNullException.ThrowIfNull(into);
        into.Varint(Term);
        into.Varint(Lease);
    }

    public static bool TryRead(ReadOnlySpan<byte> body, out LeaseExpireCommand command)
    {
        var from = new ByteReader(body);
        command = new LeaseExpireCommand(from.Varint(), from.Number());
        return from.EndedWell;
    }
}

/// <summary>What one lease still has, in milliseconds; 0 takes an earlier note back: the lease has its full time again.</summary>
public readonly record struct LeaseRest(long Lease, long RestMs);

/// <summary>How long leases still have: <c>term | pairs of id and milliseconds</c>. Counts only in an entry of that term.</summary>
public readonly ref struct LeaseCheckpointCommand
{
    public ulong Term { get; private init; }

    private ReadOnlySpan<byte> Pairs { get; init; }

    public static void Write(ByteWriter into, ulong term, ReadOnlySpan<LeaseRest> rests)
    {
        ArgumentNullException.ThrowIfNull(into);
        into.Varint(term);
        foreach (var rest in rests)
        {
            into.Varint(rest.Lease);
            into.Varint(rest.RestMs);
        }
    }

    public static bool TryRead(ReadOnlySpan<byte> body, out LeaseCheckpointCommand command)
    {
        var from = new ByteReader(body);
        command = new LeaseCheckpointCommand { Term = from.Varint(), Pairs = from.Rest() };
        if (from.Failed) return false;
        var pairs = command.Read();
        while (pairs.MoveNext())
        {
            // The reader only says whether the bytes are pairs.
        }

        return !pairs.Failed;
    }

    public Reader Read() => new(Pairs);

    public ref struct Reader(ReadOnlySpan<byte> pairs)
    {
        private ByteReader _from = new(pairs);

        public LeaseRest Current { get; private set; }

        public readonly bool Failed => _from.Failed;

        public bool MoveNext()
        {
            if (_from.IsEmpty) return false;
            Current = new LeaseRest(_from.Number(), _from.Number());
            return !_from.Failed;
        }
    }
}
