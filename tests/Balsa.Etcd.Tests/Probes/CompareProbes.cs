using Balsa.Etcd.Tests.Steps;
using Balsa.KeyValue.Commands;
using static Balsa.Etcd.Tests.Steps.Short;

namespace Balsa.Etcd.Tests.Probes;

/// <summary>What conditions say of keys that are there, of keys that are not, and of ranges.</summary>
public sealed class CompareProbes
{
    private const CompareResult Unknown = (CompareResult)7;
    private static readonly CompareResult[] Results =
        [CompareResult.Equal, CompareResult.Greater, CompareResult.Less, CompareResult.NotEqual, Unknown];

    private static readonly CompareTarget[] Numbers =
        [CompareTarget.Version, CompareTarget.Created, CompareTarget.Modified, CompareTarget.Lease];

    [Fact]
    public async Task A_missing_key_and_an_empty_range_count_as_0()
    {
        await using var bed = await Bed.StartAsync(Put("a", "1"));
        foreach (var target in Numbers)
        {
            foreach (var end in new[] { "", "n", "b" })
            {
                await ExpectAsync(bed, result => Is(target, "m", result, 0, end), "Equal 7");
                await ExpectAsync(bed, result => Is(target, "m", result, 1, end), "Less NotEqual 7");
                await ExpectAsync(bed, result => Is(target, "m", result, -1, end), "Greater NotEqual 7");
            }
        }
    }

    [Fact]
    public async Task The_value_of_a_missing_key_or_empty_range_fulfils_nothing()
    {
        await using var bed = await Bed.StartAsync(Put("a", "1"));
        foreach (var end in new[] { "", "n" })
        {
            await ExpectAsync(bed, result => Is("m", result, "", end), "");
            await ExpectAsync(bed, result => Is("m", result, "1", end), "");
        }
    }

    [Fact]
    public async Task Values_are_compared_as_bytes()
    {
        await using var bed = await Bed.StartAsync(Put("a", "2"), Put("e", ""));
        await ExpectAsync(bed, result => Is("a", result, "10"), "Greater NotEqual 7");
        await ExpectAsync(bed, result => Is("a", result, "2"), "Equal 7");
        await ExpectAsync(bed, result => Is("a", result, "\xff"), "Less NotEqual 7");
        await ExpectAsync(bed, result => Is("a", result, "20"), "Less NotEqual 7");
        await ExpectAsync(bed, result => Is("e", result, ""), "Equal 7");
    }

    [Fact]
    public async Task All_keys_of_a_range_must_hold()
    {
        await using var bed = await Bed.StartAsync(Put("a", "1"), Put("b", "2"));
        await ExpectAsync(bed, result => Is(CompareTarget.Version, "a", result, 1, "c"), "Equal 7");
        await ExpectAsync(bed, result => Is(CompareTarget.Modified, "a", result, 2, "c"), "7");
        await ExpectAsync(bed, result => Is(CompareTarget.Created, "a", result, 1, "\0"), "Greater NotEqual 7");
        await ExpectAsync(bed, result => Is("a", result, "1", "c"), "7");
        await ExpectAsync(bed, result => Is("a", result, "3", "c"), "Less NotEqual 7");
        await ExpectAsync(bed, result => Is(CompareTarget.Modified, "\0", result, 3, "\0"), "7");
    }

    [Fact]
    public async Task What_was_not_given_or_given_for_another_target_is_0_or_empty()
    {
        await using var bed = await Bed.StartAsync(Put("a", "1"));
        foreach (var given in new CompareTarget?[] { null, CompareTarget.Value, CompareTarget.Lease })
        {
            var condition = Is(CompareTarget.Version, "a", CompareResult.Equal, 1) with { Given = given, Value = Bytes("1") };
            await ExpectAsync(bed, result => condition with { Result = result }, "Greater NotEqual 7");
        }

        var value = Is("a", CompareResult.Equal, "1") with { Given = CompareTarget.Version, Number = 1 };
        await ExpectAsync(bed, result => value with { Result = result }, "Greater NotEqual 7");
        await ExpectAsync(bed, result => value with { Given = null, Result = result }, "Greater NotEqual 7");
    }

    [Fact]
    public async Task An_unknown_target_counts_as_equal()
    {
        await using var bed = await Bed.StartAsync(Put("a", "1"));
        foreach (var (key, end) in new[] { ("a", ""), ("m", ""), ("a", "z"), ("m", "z") })
            await ExpectAsync(bed, result => Is((CompareTarget)9, key, result, 9, end) with { Given = CompareTarget.Version }, "Equal 7");
    }

    [Fact]
    public async Task One_condition_that_fails_is_enough()
    {
        await using var bed = await Bed.StartAsync(Put("a", "1"));
        var (holds, fails) = (Is("a", CompareResult.Equal, "1"), Is("a", CompareResult.Equal, "2"));
        await bed.ExpectAsync(If(holds, holds), "revision 2, then");
        await bed.ExpectAsync(If(holds, fails), "revision 2, else");
        await bed.ExpectAsync(If(fails, holds), "revision 2, else");
        await bed.ExpectAsync(If(Is("", CompareResult.Equal, "")), "error 3: etcdserver: key is not provided");
    }

    /// <summary>The results with which a condition holds.</summary>
    private static async Task ExpectAsync(Bed bed, Func<CompareResult, Condition> condition, string holding)
    {
        var expected = holding.Split(' ');
        foreach (var result in Results)
            await bed.ExpectAsync(If(condition(result)), $"revision {bed.Revision}, {(expected.Contains($"{result}") ? "then" : "else")}");
    }
}
