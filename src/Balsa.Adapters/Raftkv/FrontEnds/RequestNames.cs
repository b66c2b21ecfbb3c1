using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Balsa.Adapters.Raftkv.FrontEnds;

/// <summary>
/// Names for requests whose clients have none, unique for ever: a front end that starts again never finds the answer to a request
/// of its predecessor. A name is used by one request at a time, and counts on: so a request is never too old to be known.
/// </summary>
internal sealed class RequestNames
{
    private readonly ConcurrentBag<Line> _free = [];

    internal Line Take() => _free.TryTake(out var line) ? line : new Line(BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8)));

    internal void GiveBack(Line line) => _free.Add(line);

    /// <summary>One client id, and the numbers of its requests.</summary>
    internal sealed class Line(long client)
    {
        private long _last;

        internal long Client => client;

        internal long Next() => ++_last;
    }
}
