using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Wire;

namespace Balsa.KeyValue.Answers;

/// <summary>The bodies of answers, one method a kind.</summary>
internal static class AnswerReader
{
    internal static Answer Body(CommandKind kind, Answer answer, ref ByteReader from)
    {
        switch (kind)
        {
            case CommandKind.Put: return Put(answer, ref from);
            case CommandKind.Delete: return Delete(answer, ref from);
            case CommandKind.Txn: return Txn(answer, ref from);
            case CommandKind.LeaseGrant: return answer with { Id = from.Number(), Seconds = from.Number() };
            case CommandKind.SessionOpen: return answer with { Id = from.Number() };
            case CommandKind.Alarm: return Alarms(answer, ref from);
            default: return answer;
        }
    }

    internal static Answer Range(Answer answer, ref ByteReader from)
    {
        var (count, more) = (from.Number(), from.Byte() != 0);
        return answer with { Count = count, More = more, Values = Values(ref from) };
    }

    private static Answer Put(Answer answer, ref ByteReader from) =>
        from.Byte() == 0 ? answer with { Kind = OperationKind.Put }
            : answer with { Kind = OperationKind.Put, Values = [Value(ref from)] };

    private static Answer Delete(Answer answer, ref ByteReader from) =>
        answer with { Kind = OperationKind.Delete, Count = from.Number(), Values = Values(ref from) };

    private static Answer Txn(Answer answer, ref ByteReader from)
    {
        var succeeded = from.Byte() != 0;
        var count = from.Varint();
        var responses = new List<Answer>();
        for (var i = 0UL; i < count && !from.Failed; i++)
        {
            var kind = (OperationKind)from.Byte();
            var body = new ByteReader(from.Bytes());
            var blank = new Answer { Kind = kind, Revision = (long)body.Fixed64() };
            responses.Add(kind switch
            {
                OperationKind.Range => Range(blank, ref body),
                OperationKind.Put => Put(blank, ref body),
                OperationKind.Delete => Delete(blank, ref body),
                _ => Txn(blank, ref body),
            });
            if (!body.EndedWell) throw new ArgumentException($"Response {i} of the transaction cannot be read.", nameof(from));
        }

        return answer with { Kind = OperationKind.Txn, Succeeded = succeeded, Responses = responses };
    }

    private static Answer Alarms(Answer answer, ref ByteReader from)
    {
        var count = from.Varint();
        var alarms = new List<RaisedAlarm>();
        for (var i = 0UL; i < count && !from.Failed; i++) alarms.Add(new RaisedAlarm(from.Varint(), (AlarmType)from.Byte()));
        return answer with { Alarms = alarms };
    }

    private static List<KeyValue> Values(ref ByteReader from)
    {
        var count = from.Varint();
        var values = new List<KeyValue>();
        for (var i = 0UL; i < count && !from.Failed; i++) values.Add(Value(ref from));
        return values;
    }

    private static KeyValue Value(ref ByteReader from)
    {
        var key = from.Bytes().ToArray();
        var (created, modified, version) = (from.Number(), from.Number(), from.Number());
        return new KeyValue(key, from.Bytes().ToArray(), created, modified, version, from.Number());
    }
}
