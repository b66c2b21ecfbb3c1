namespace Balsa.KeyValue.Memory;

/// <summary>
/// Room for records of any size, in slabs that the garbage collector sees as a few thousand plain arrays. A slab holds
/// slots of one size; freed slots are used again, and a slab without any used slot is given back. Nothing ever moves, so a
/// reference stays good for as long as its record lives.
/// </summary>
/// <remarks>One thread allocates and frees. Others may read what they can reach.</remarks>
/// <param name="discard">Told of a slab whose content is not needed any more, so that the host may give its memory back.</param>
/// <param name="slabWords">At least as many as the largest slot has.</param>
internal sealed class RecordHeap(Action<ulong[]>? discard = null, int slabWords = RecordHeap.SlabWords)
{
    /// <summary>1 MiB: far beyond the size at which the collector would copy arrays around.</summary>
    internal const int SlabWords = 1 << 17;

    private const int FolderBits = 12, FolderMask = (1 << FolderBits) - 1, FoldersMax = 1 << 12;

    private readonly int[] _withRoom = new int[SlotSizes.Count];
    private readonly ulong[]?[]?[] _slabs = new ulong[FoldersMax][][];
    private Slab[] _states = new Slab[16];
    private readonly Stack<ulong[]> _spare = new();
    private int _end = 1;
    private int _unusedHead;

    /// <summary>Bytes of all slabs; of a spare one only its address is taken.</summary>
    internal long AllocatedBytes { get; private set; }

    /// <summary>Bytes of the slots in use.</summary>
    internal long UsedBytes { get; private set; }

    /// <summary>For readers on any thread.</summary>
    internal RecordReader Reader => new(_slabs);

    internal Span<ulong> Words(ulong reference) => Slot(_slabs, reference);

    /// <summary>
    /// From the first word of a record to the end of its slab. The table is two arrays deep and never replaced: a reader on
    /// another thread that has got hold of a reference finds its slab, whatever has been added since.
    /// </summary>
    internal static Span<ulong> Slot(ulong[]?[]?[] slabs, ulong reference)
    {
        var slab = SlabOf(reference);
        return slabs[slab >> FolderBits]![slab & FolderMask].AsSpan(OffsetOf(reference));
    }

    /// <summary>A slot of at least so many words. What it holds is left over from before.</summary>
    internal ulong Allocate(int words)
    {
        if (words > SlotSizes.WordsMax) return AllocateAlone(words);
        var size = SlotSizes.IndexOf(words);
        var slab = _withRoom[size];
        if (slab == 0) slab = AddSlab(size);
        ref var state = ref _states[slab];
        int offset;
        if (state.FreeHead >= 0)
        {
            offset = state.FreeHead;
            state.FreeHead = (int)(long)Words(slab)[offset];
        }
        else
        {
            offset = state.Fresh;
            state.Fresh += state.SlotWords;
        }

        state.Used++;
        UsedBytes += state.SlotWords * 8L;
        if (state.IsFull(slabWords)) Unlink(slab);
        return ((ulong)slab << 32) | (uint)offset;
    }

    internal void Free(ulong reference)
    {
        var slab = SlabOf(reference);
        ref var state = ref _states[slab];
        UsedBytes -= state.SlotWords * 8L;
        if (state.SizeIndex < 0)
        {
            Release(slab);
            return;
        }

        var wasFull = state.IsFull(slabWords);
        Words(slab)[OffsetOf(reference)] = (ulong)(long)state.FreeHead;
        state.FreeHead = OffsetOf(reference);
        state.Used--;
        if (wasFull) Link(slab);
        // The last slab with room stays, so that a size that comes and goes does not allocate each time.
        if (state.Used > 0 || (state.Next == 0 && state.Previous == 0)) return;
        Unlink(slab);
        Release(slab);
    }

    private static int OffsetOf(ulong reference) => (int)(uint)reference;

    private static int SlabOf(ulong reference) => (int)(reference >> 32);

    private Span<ulong> Words(int slab) => Slot(_slabs, (ulong)slab << 32);

    private ulong AllocateAlone(int words)
    {
        var slab = TakeNumber(new ulong[words]);
        _states[slab] = new Slab { SizeIndex = -1, SlotWords = words, Used = 1, FreeHead = -1, Fresh = words };
        UsedBytes += words * 8L;
        return (ulong)slab << 32;
    }

    private int AddSlab(int size)
    {
        var slab = TakeNumber(_spare.TryPop(out var spare) ? spare : new ulong[slabWords]);
        _states[slab] = new Slab { SizeIndex = size, SlotWords = SlotSizes.WordsOf(size), FreeHead = -1 };
        Link(slab);
        return slab;
    }

    private int TakeNumber(ulong[] words)
    {
        var slab = _unusedHead;
        if (slab != 0)
        {
            _unusedHead = _states[slab].Next;
        }
        else
        {
            slab = _end++;
            if (slab == _states.Length) Array.Resize(ref _states, slab * 2);
            _slabs[slab >> FolderBits] ??= new ulong[FolderMask + 1][];
        }

        _slabs[slab >> FolderBits]![slab & FolderMask] = words;
        AllocatedBytes += words.Length * 8L;
        return slab;
    }

    private void Release(int slab)
    {
        ref var words = ref _slabs[slab >> FolderBits]![slab & FolderMask];
        AllocatedBytes -= words!.Length * 8L;
        // An array that the collector frees stays with the process for long; a spare one with discarded content does not.
        if (words.Length == slabWords && discard is not null)
        {
            discard(words);
            _spare.Push(words);
        }

        words = null;
        _states[slab] = new Slab { Next = _unusedHead };
        _unusedHead = slab;
    }

    private void Link(int slab)
    {
        ref var state = ref _states[slab];
        ref var head = ref _withRoom[state.SizeIndex];
        (state.Next, state.Previous) = (head, 0);
        if (head != 0) _states[head].Previous = slab;
        head = slab;
    }

    private void Unlink(int slab)
    {
        ref var state = ref _states[slab];
        if (state.Previous != 0) _states[state.Previous].Next = state.Next;
        else _withRoom[state.SizeIndex] = state.Next;
        if (state.Next != 0) _states[state.Next].Previous = state.Previous;
        (state.Next, state.Previous) = (0, 0);
    }

    /// <summary>What is known of a slab. Slabs of one size that have room are linked; unused numbers are linked by Next.</summary>
    private struct Slab
    {
        internal int SizeIndex, SlotWords, Used, FreeHead, Fresh, Previous, Next;

        internal readonly bool IsFull(int slabWords) => FreeHead < 0 && Fresh + SlotWords > slabWords;
    }
}
