namespace Balsa.Course.Tests;

public sealed class ListTests
{
    [Fact]
    public void Every_row_that_a_test_carries_is_in_a_list()
    {
        var known = CourseLists.Rows.Concat(CourseLists.Mistakes.Select(mistake => mistake.Id)).ToHashSet();
        Assert.Empty(CourseLists.Carried.Except(known));
    }

    [Fact]
    public void No_row_and_no_mistake_stands_in_a_list_twice()
    {
        Assert.Equal(CourseLists.Rows.Count, CourseLists.Rows.Distinct().Count());
        Assert.Equal(CourseLists.Mistakes.Count, CourseLists.Mistakes.Select(mistake => mistake.Id).Distinct().Count());
    }

    [Fact]
    public void Every_mistake_has_a_test_or_a_mutant_or_is_said_to_be_open()
    {
        foreach (var (id, guard, name) in CourseLists.Mistakes)
        {
            var isCarried = CourseLists.Carried.Contains(id);
            var isSo = guard switch
            {
                "test" => isCarried,
                "mutant" => name.Length > 0 && CourseLists.Mutants.Contains($" {name},", StringComparison.Ordinal),
                "open" => !isCarried,
                _ => false,
            };
            Assert.True(isSo, $"{id} is said to be guarded by \"{guard} {name}\", and a test that carries it "
                + (isCarried ? "exists" : "does not exist") + ".");
        }
    }
}
