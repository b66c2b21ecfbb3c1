using Balsa.Etcd.Tests.Steps;
using Balsa.KeyValue.Commands;

namespace Balsa.Etcd.Tests.Differential;

/// <summary>Conditions on keys and ranges, of every target and result, also of unknown ones and with a number for another target.</summary>
internal sealed class ConditionGenerator(Dice dice, World world)
{
    /// <summary>Often on the key given, which the transaction around it writes: what it sees of that is a question of its own.</summary>
    public Condition Next(byte[]? written = null)
    {
        var target = (CompareTarget)dice.Pick((99, dice.Below(5)), (1, 9));
        var key = dice.Percent(1) ? [] : written is not null && dice.Percent(60) ? written : dice.Key();
        return new Condition(target, (CompareResult)dice.Pick((98, dice.Below(4)), (2, 7)), key, dice.End(key, percentOfRanges: 25))
        {
            Given = dice.Percent(95) ? target : dice.Percent(50) ? null : (CompareTarget)dice.Below(5),
            Number = Number(target), Value = dice.Value(),
        };
    }

    private long Number(CompareTarget target) => target switch
    {
        CompareTarget.Version => dice.Between(0, 3),
        CompareTarget.Created or CompareTarget.Modified => dice.Percent(40) ? 0 : world.Revision - dice.Below(30),
        CompareTarget.Lease => dice.Percent(50) ? 0 : dice.Between(-1, 12),
        _ => dice.Between(-1, 3),
    };
}
