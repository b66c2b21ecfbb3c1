using System.Net;
using System.Text;
using System.Text.Json;
using Balsa.Adapters.Controller;

namespace Balsa.Adapters.Tests.Controller;

[Row("M0-12", "M3-13")]
public sealed class GuardTests
{
    private const string Secret = "correct horse";
    private static readonly byte[] Order = """{"sender_name":"Controller","request":"SHUTDOWN"}"""u8.ToArray();
    private static readonly IPAddress Somebody = IPAddress.Parse("10.0.0.7");

    [Fact]
    public void Whoever_knows_the_secret_is_let_in_once_a_datagram()
    {
        var guard = new ControllerGuard([], Secret, TimeProvider.System);
        var sealedOrder = DatagramSeal.Close(Order, Secret, DateTimeOffset.UtcNow);
        Assert.Equal(Flaw.None, RequestReader.Read(sealedOrder, out _));
        Assert.True(guard.Admits(Somebody, sealedOrder));
        Assert.False(guard.Admits(Somebody, sealedOrder));
    }

    [Fact]
    public void Without_the_secret_with_another_too_late_or_changed_nothing_is_let_in()
    {
        var guard = new ControllerGuard([], Secret, TimeProvider.System);
        var now = DateTimeOffset.UtcNow;
        Assert.False(guard.Admits(Somebody, Order));
        Assert.False(guard.Admits(Somebody, DatagramSeal.Close(Order, "another", now)));
        Assert.False(guard.Admits(Somebody, DatagramSeal.Close(Order, Secret, now.AddMinutes(-1))));
        Assert.False(guard.Admits(Somebody, DatagramSeal.Close(Order, Secret, now.AddMinutes(1))));
        var changed = Encoding.UTF8.GetString(DatagramSeal.Close(Order, Secret, now)).Replace("SHUTDOWN", "PLAYDEAD", StringComparison.Ordinal);
        Assert.False(guard.Admits(Somebody, Encoding.UTF8.GetBytes(changed)));
        Assert.False(guard.Admits(Somebody, []));
        Assert.False(guard.Admits(Somebody, "\"}"u8));
    }

    [Fact]
    public void A_sealed_datagram_is_still_JSON()
    {
        var root = JsonDocument.Parse(DatagramSeal.Close("{}"u8, Secret, DateTimeOffset.UtcNow)).RootElement;
        Assert.Equal(64, root.GetProperty("auth").GetString()!.Length);
        Assert.True(root.GetProperty("at").GetInt64() > 0);
    }

    [Fact]
    public void Only_addresses_of_the_list_are_let_in()
    {
        var guard = new ControllerGuard([IPNetwork.Parse("10.0.0.0/24"), IPNetwork.Parse("127.0.0.1/32")], null, TimeProvider.System);
        Assert.True(guard.Admits(Somebody, Order));
        Assert.True(guard.Admits(IPAddress.Loopback.MapToIPv6(), Order));
        Assert.False(guard.Admits(IPAddress.Parse("10.0.1.7"), Order));
    }
}
