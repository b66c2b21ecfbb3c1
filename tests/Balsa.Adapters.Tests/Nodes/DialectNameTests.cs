using Balsa.Adapters.Nodes;

namespace Balsa.Adapters.Tests.Nodes;

public sealed class DialectNameTests
{
    [Theory]
    [InlineData("n3", "Node3")]
    [InlineData("Node3", "Node3")]
    [InlineData("node12", "Node12")]
    [InlineData("server3", "Node3")]
    [InlineData("raftserver3", "Node3")]
    [InlineData("alpha", "alpha")]
    [InlineData("berlin2", "berlin2")]
    [InlineData("7", "7")]
    public void A_member_is_called_by_its_number_where_its_name_has_one(string name, string controller) =>
        Assert.Equal(controller, DialectNames.ToController(name));

    [Theory]
    [InlineData("n3", "NODE3", true)]
    [InlineData("server3", "Node3", true)]
    [InlineData("alpha", "Alpha", true)]
    [InlineData("n3", "n4", false)]
    [InlineData("berlin2", "n2", false)]
    public void Two_names_of_one_member_match(string one, string other, bool same) => Assert.Equal(same, DialectNames.Match(one, other));
}
