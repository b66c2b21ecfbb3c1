using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Store;
using Balsa.Simulation.Randomness;
using Balsa.Simulation.Stores.Model;

namespace Balsa.Simulation.Stores.Scripts;

/// <summary>Decides under which session and request the next entry travels: new, repeated, old, of nobody.</summary>
internal sealed class SessionScript(Dice dice, NaiveStore model, StoreOptions options)
{
    private readonly int _permille = dice.OneOf(0, 300, 700);
    private readonly Dictionary<ulong, ulong> _newest = [];

    internal long Seconds() => dice.Below(12) switch
    {
        0 => dice.OneOf(0, -1, NaiveSessions.SecondsMax + 1, long.MaxValue),
        1 => NaiveSessions.SecondsMax,
        _ => dice.Between(1, 120),
    };

    internal (ulong Session, ulong Request) Next(CommandKind kind)
    {
        var mustHave = kind is CommandKind.SessionClose or CommandKind.Touch;
        if (!dice.Chance(mustHave ? 900 : _permille)) return (0, dice.Chance(100) ? 1UL : 0UL);
        var open = model.Sessions.Open;
        if (open.Count == 0 || dice.Chance(20)) return ((ulong)dice.Between(1, 500), (ulong)dice.Below(3));
        var session = open[dice.Below(open.Count)];
        return (session, Request(session));
    }

    private ulong Request(ulong session)
    {
        var newest = _newest.GetValueOrDefault(session);
        var draw = dice.Below(100);
        if (draw < 10) return 0;
        if (draw < 35 && newest > 0)
            return Math.Max(1, newest - Math.Min(newest, (ulong)dice.Below(options.SessionAnswersMax * 2 + 2)));
        var request = newest + (ulong)(dice.Chance(200) ? dice.Between(2, 6) : 1);
        _newest[session] = request;
        return request;
    }
}
