using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Wire;

namespace Balsa.Simulation.Stores.Model;

/// <summary>Writes an answer as the comment of <see cref="Answer"/> describes it: sessions count the bytes that they keep.</summary>
internal static class AnswerBytes
{
    internal static byte[] Of(CommandKind kind, Answer answer)
    {
        var into = new ByteWriter();
        into.Byte((byte)answer.Error);
        into.Varint(answer.Revision);
        if (answer.Error != StoreError.None) return into.Written.ToArray();
        switch (kind)
        {
            case CommandKind.Put: Put(into, answer); break;
            case CommandKind.Delete: Delete(into, answer); break;
            case CommandKind.Txn: Txn(into, answer); break;
            case CommandKind.LeaseGrant:
                into.Varint(answer.Id);
                into.Varint(answer.Seconds);
                break;
            case CommandKind.SessionOpen: into.Varint(answer.Id); break;
            case CommandKind.Alarm:
                into.Varint((ulong)answer.Alarms.Count);
                foreach (var alarm in answer.Alarms)
                {
                    into.Varint(alarm.Member);
                    into.Byte((byte)alarm.Type);
                }

                break;
            default: break;
        }

        return into.Written.ToArray();
    }

    private static void Put(ByteWriter into, Answer answer)
    {
        into.Byte((byte)answer.Values.Count);
        foreach (var value in answer.Values) Value(into, value);
    }

    private static void Delete(ByteWriter into, Answer answer)
    {
        into.Varint(answer.Count);
        Values(into, answer.Values);
    }

    private static void Range(ByteWriter into, Answer answer)
    {
        into.Varint(answer.Count);
        into.Byte(answer.More ? (byte)1 : (byte)0);
        Values(into, answer.Values);
    }

    private static void Txn(ByteWriter into, Answer answer)
    {
        into.Byte(answer.Succeeded ? (byte)1 : (byte)0);
        into.Varint((ulong)answer.Responses.Count);
        foreach (var response in answer.Responses)
        {
            into.Byte((byte)response.Kind);
            var part = into.BeginPart();
            into.Fixed64((ulong)response.Revision);
            if (response.Kind == OperationKind.Range) Range(into, response);
            else if (response.Kind == OperationKind.Put) Put(into, response);
            else if (response.Kind == OperationKind.Delete) Delete(into, response);
            else Txn(into, response);
            into.EndPart(part);
        }
    }

    private static void Values(ByteWriter into, IReadOnlyList<KeyValue.Answers.KeyValue> values)
    {
        into.Varint((ulong)values.Count);
        foreach (var value in values) Value(into, value);
    }

    private static void Value(ByteWriter into, KeyValue.Answers.KeyValue value)
    {
        into.Bytes(value.Key);
        into.Varint(value.Created);
        into.Varint(value.Modified);
        into.Varint(value.Version);
        into.Bytes(value.Value);
        into.Varint(value.Lease);
    }
}
