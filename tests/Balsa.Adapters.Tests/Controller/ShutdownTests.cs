using Balsa.Adapters.Calling;

namespace Balsa.Adapters.Tests.Controller;

public sealed class ShutdownTests(NodeWithController node) : IClassFixture<NodeWithController>
{
    [Fact]
    [Row("M0-11")]
    public async Task The_word_to_shut_down_is_answered_first_and_then_carried_out()
    {
        Assert.True((await node.AskAsync(new CallerRequest("SHUTDOWN") { WantsAck = true })).Success);
        await node.ShutDown.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }
}
