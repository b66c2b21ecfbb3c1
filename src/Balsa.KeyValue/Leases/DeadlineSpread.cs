namespace Balsa.KeyValue.Leases;

/// <summary>
/// Moves deadlines later so that only so many fall into one second: when a new leader gives a million leases their time
/// again, they would otherwise all end at once. A deadline goes to the next second with room, found through pointers that
/// skip the full ones.
/// </summary>
internal sealed class DeadlineSpread
{
    /// <summary>
    /// Seconds further apart than this share their room. Then some deadlines move although they need not, which is harmless:
    /// a lease may live longer.
    /// </summary>
    private const int Seconds = 1 << 15;

    private readonly int _eachSecond;
    private readonly int[] _taken = new int[Seconds], _next = new int[Seconds];
    private long _room;

    internal DeadlineSpread(int eachSecond)
    {
        _eachSecond = eachSecond;
        _room = (long)eachSecond * Seconds;
        for (var i = 0; i < Seconds; i++) _next[i] = i;
    }

    /// <summary>The deadline itself, or a later one.</summary>
    internal long Place(long at)
    {
        if (_room == 0) return at;
        _room--;
        var second = at / TimeSpan.TicksPerSecond;
        var home = (int)(second % Seconds);
        var place = WithRoom(home);
        var before = _taken[place]++;
        if (before + 1 == _eachSecond) _next[place] = (place + 1) % Seconds;
        if (place == home) return at;
        var later = second + (place - home + Seconds) % Seconds;
        return later * TimeSpan.TicksPerSecond + before * TimeSpan.TicksPerSecond / _eachSecond;
    }

    private int WithRoom(int place)
    {
        while (_next[place] != place)
        {
            _next[place] = _next[_next[place]];
            place = _next[place];
        }

        return place;
    }
}
