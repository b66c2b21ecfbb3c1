using Balsa.KeyValue.Trees;

namespace Balsa.KeyValue.Store;

/// <summary>
/// Goes through all keys as they were at one revision, a step at a time, while the store changes between slices. A step is
/// one version of one key: a key may have very many that are too new. Whoever walks has pinned the revision.
/// </summary>
internal sealed class KeyWalk(MemoryParts memory, long revision)
{
    private byte[] _nextKey = [];
    private ulong _chain;
    private TreePath _path;
    private bool _isPlaced;

    internal bool IsAtEnd { get; private set; }

    /// <summary>One step. True when it came to the version that a key had, which may be a delete.</summary>
    internal bool Step(out Record record)
    {
        record = default;
        var records = memory.Records.Reader;
        if (_chain == 0 && !TryNextKey()) return false;
        if (records.Modified(_chain) > revision)
        {
            _chain = records.Previous(_chain);
            return false;
        }

        record = records.Read(_chain);
        _chain = 0;
        return true;
    }

    /// <summary>
    /// At the end of a slice: the tree may change now. The smallest key above the last one is that one with a zero behind it.
    /// </summary>
    internal void EndSlice()
    {
        if (!_isPlaced) return;
        var key = memory.Records.Reader.Key(memory.Keys.Reader.ReferenceAt(_path));
        if (_nextKey.Length != key.Length + 1) _nextKey = new byte[key.Length + 1];
        key.CopyTo(_nextKey);
        _nextKey[^1] = 0;
        _isPlaced = false;
    }

    private bool TryNextKey()
    {
        var reader = memory.Keys.Reader;
        if (_isPlaced) _path.MoveOn();
        else reader.Descend(_nextKey, out _path);
        _isPlaced = reader.Settle(ref _path);
        IsAtEnd = !_isPlaced;
        if (_isPlaced) _chain = reader.ReferenceAt(_path);
        return _isPlaced;
    }
}
