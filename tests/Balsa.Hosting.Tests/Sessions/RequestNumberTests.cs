using Balsa.Hosting.Sessions;

namespace Balsa.Hosting.Tests.Sessions;

public sealed class RequestNumberTests
{
    private readonly RequestNumbers _numbers = new();

    [Fact]
    public void What_is_not_answered_holds_the_rest_back()
    {
        var (first, second) = (_numbers.Take(), _numbers.Take());
        _numbers.Finish(second);
        Assert.Equal(first, _numbers.AnsweredBelow);

        _numbers.Finish(first);
        Assert.Equal(second + 1, _numbers.AnsweredBelow);
    }

    [Fact]
    public void What_was_given_up_long_ago_does_not()
    {
        var lost = _numbers.Take();
        for (var i = 0; i < SessionTable.RequestsMax; i++) _numbers.Finish(_numbers.Take());

        Assert.True(_numbers.AnsweredBelow > lost);
    }
}
