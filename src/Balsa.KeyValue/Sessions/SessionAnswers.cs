using Balsa.KeyValue.Hashing;
using Balsa.KeyValue.Store;
using Balsa.KeyValue.Wire;

namespace Balsa.KeyValue.Sessions;

/// <summary>
/// The newest requests of one session, in order of their ids, and the answers they got. The bytes of all answers lie one
/// after the other in one array, so remembering allocates nothing once a session has found its size.
/// </summary>
/// <param name="session">It is part of the hash of each request.</param>
/// <param name="scratch">For moving answers together; any number of sessions share one.</param>
internal sealed class SessionAnswers(ulong session, ByteWriter scratch)
{
    private const int NotKept = -1, BytesMin = 64, BytesSmall = 512;

    private Note[] _notes = new Note[4];
    private int _first;
    private byte[] _bytes = [];
    private int _end;

    internal int Count { get; private set; }

    /// <summary>Bytes of the answers that are kept.</summary>
    internal int Bytes { get; private set; }

    /// <summary>Bytes of memory for them.</summary>
    internal int BytesReserved => _bytes.Length;

    /// <summary>The sum over all requests.</summary>
    internal ulong Hash { get; private set; }

    /// <summary>Of the smallest id that is remembered.</summary>
    internal ulong Oldest => At(0).Request;

    internal ulong Newest => At(Count - 1).Request;

    /// <summary>The place of a request, or -1.</summary>
    internal int Find(ulong request)
    {
        var low = 0;
        var high = Count - 1;
        // The usual request is newer than all others.
        if (Count == 0 || request > Newest) return -1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var there = At(middle).Request;
            if (there == request) return middle;
            if (there < request) low = middle + 1;
            else high = middle - 1;
        }

        return -1;
    }

    internal SessionVerdict Repeat(int place)
    {
        ref var note = ref At(place);
        if (note.Length == NotKept) return SessionVerdict.NotKept(note.Revision);
        return SessionVerdict.Repeated(note.Revision, _bytes.AsSpan(note.Offset, note.Length));
    }

    /// <summary>Adds a request that is not there; without its answer when that is not kept.</summary>
    internal void Add(ulong request, long revision, bool keeps, ReadOnlySpan<byte> answer)
    {
        if (Count == _notes.Length) GrowNotes();
        var place = Count++;
        for (; place > 0 && At(place - 1).Request > request; place--) At(place) = At(place - 1);
        At(place) = new Note { Request = request, Revision = revision, Length = NotKept };
        if (keeps) Keep(ref At(place), answer);
        Hash += HashOf(At(place));
    }

    /// <summary>Forgets the oldest request and its answer.</summary>
    internal void ForgetOldest()
    {
        Hash -= HashOf(At(0));
        Bytes -= Math.Max(0, At(0).Length);
        _first = (_first + 1) & (_notes.Length - 1);
        Count--;
    }

    /// <summary>Forgets the bytes of the oldest answer that has some; that the request was done stays known.</summary>
    internal void ForgetOldestAnswer()
    {
        for (var i = 0; i < Count; i++)
        {
            if (At(i).Length <= 0) continue;
            ForgetAnswer(ref At(i));
            return;
        }
    }

    /// <summary>Forgets all bytes and gives the memory back.</summary>
    internal void ForgetAnswers()
    {
        for (var i = 0; i < Count; i++)
        {
            if (At(i).Length > 0) ForgetAnswer(ref At(i));
        }

        _bytes = [];
        _end = 0;
    }

    /// <summary><c>count | each: request | revision | 0, or 1 and length and answer</c></summary>
    internal void Write(ByteWriter into)
    {
        into.Varint((ulong)Count);
        for (var i = 0; i < Count; i++)
        {
            ref var note = ref At(i);
            into.Varint(note.Request);
            into.Varint(note.Revision);
            into.Byte(note.Length == NotKept ? (byte)0 : (byte)1);
            if (note.Length != NotKept) into.Bytes(_bytes.AsSpan(note.Offset, note.Length));
        }
    }

    /// <summary>Reads them into an empty one. False when the bytes are something else, or more than may be kept.</summary>
    internal bool TryRead(ref ByteReader from, ulong floor, StoreOptions options)
    {
        var count = from.Varint();
        if (from.Failed || count > (ulong)options.SessionAnswersMax) return false;
        for (; count > 0; count--)
        {
            var request = from.Varint();
            var revision = from.Number();
            var isKept = from.Byte();
            var answer = isKept == 0 ? default : from.Bytes();
            if (from.Failed || isKept > 1 || request <= floor || answer.Length > options.SessionAnswerBytesMax - Bytes) return false;
            Add(request, revision, isKept == 1, answer);
            floor = request;
        }

        return true;
    }

    private ref Note At(int place) => ref _notes[(_first + place) & (_notes.Length - 1)];

    private void ForgetAnswer(ref Note note)
    {
        Hash -= HashOf(note);
        Bytes -= note.Length;
        note.Length = NotKept;
        note.Content = 0;
        Hash += HashOf(note);
    }

    private void Keep(ref Note note, ReadOnlySpan<byte> answer)
    {
        var isMostlyEmpty = _bytes.Length > BytesSmall && _bytes.Length / 8 > Bytes + answer.Length;
        if (isMostlyEmpty || _bytes.Length - _end < answer.Length) MakeRoom(answer.Length);
        answer.CopyTo(_bytes.AsSpan(_end));
        // An empty answer is never moved, so its place must exist in every array.
        note.Offset = answer.IsEmpty ? 0 : _end;
        note.Length = answer.Length;
        note.Content = Hash64.Of(answer);
        _end += answer.Length;
        Bytes += answer.Length;
    }

    /// <summary>Moves the kept answers together. At least half of the array is free afterwards, so this is seldom.</summary>
    private void MakeRoom(int length)
    {
        scratch.Clear();
        for (var i = 0; i < Count; i++)
        {
            ref var note = ref At(i);
            if (note.Length <= 0) continue;
            var offset = scratch.Length;
            scratch.Raw(_bytes.AsSpan(note.Offset, note.Length));
            note.Offset = offset;
        }

        var size = BytesMin;
        while (size < 2 * (Bytes + length)) size *= 2;
        if (size > _bytes.Length || size < _bytes.Length / 2) _bytes = new byte[size];
        scratch.Written.CopyTo(_bytes);
        _end = scratch.Length;
    }

    private void GrowNotes()
    {
        var notes = new Note[_notes.Length * 2];
        for (var i = 0; i < Count; i++) notes[i] = At(i);
        _notes = notes;
        _first = 0;
    }

    private ulong HashOf(in Note note) =>
        Hash64.Join(Hash64.Join(session, note.Request), Hash64.Join((ulong)note.Revision, note.Length == NotKept ? 0 : note.Content | 1));

    private struct Note
    {
        internal ulong Request;
        internal long Revision;

        /// <summary>Of the bytes of the answer.</summary>
        internal ulong Content;
        internal int Offset, Length;
    }
}
