using System.Net;
using Balsa.Protocol.Etcd;
using Balsa.Server.Etcd;

namespace Balsa.Server.Tests.Etcd;

/// <summary>Alarms stand wherever somebody looks, in etcd's words.</summary>
public sealed class AlarmTests(OneNode node) : IClassFixture<OneNode>, IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = node.Address, Timeout = TimeSpan.FromSeconds(20) };

    public void Dispose() => _http.Dispose();

    [Theory]
    [InlineData(AlarmType.Nospace, "NOSPACE", HttpStatusCode.OK)]
    [InlineData(AlarmType.Corrupt, "CORRUPT", HttpStatusCode.ServiceUnavailable)]
    public async Task An_alarm_is_told_by_status_and_by_health_until_it_ends(AlarmType alarm, string name, HttpStatusCode readiness)
    {
        await ChangeAsync(AlarmRequest.Types.AlarmAction.Activate, alarm);

        var status = await node.AskAsync(EtcdMethods.Status, new StatusRequest());
        Assert.Equal([$"memberID:1 alarm:{name} "], status.Errors);
        using (var health = await _http.GetAsync(new Uri("/health", UriKind.Relative)))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
            Assert.Equal($$"""{"health":"false","reason":"ALARM {{name}}"}""", await health.Content.ReadAsStringAsync());
        }

        using (var ready = await _http.GetAsync(new Uri("/readyz/data_corruption", UriKind.Relative))) Assert.Equal(readiness, ready.StatusCode);
        await ChangeAsync(AlarmRequest.Types.AlarmAction.Deactivate, alarm);

        Assert.Empty((await node.AskAsync(EtcdMethods.Status, new StatusRequest())).Errors);
        Assert.Equal(
            """{"health":"true","reason":""}""", await _http.GetStringAsync(new Uri("/health", UriKind.Relative)));
    }

    [Fact]
    public async Task Who_asks_for_health_may_pass_over_an_alarm()
    {
        await ChangeAsync(AlarmRequest.Types.AlarmAction.Activate, AlarmType.Nospace);

        Assert.Equal(
            """{"health":"true","reason":""}""", await _http.GetStringAsync(new Uri("/health?exclude=NOSPACE", UriKind.Relative)));
        await ChangeAsync(AlarmRequest.Types.AlarmAction.Deactivate, AlarmType.Nospace);
    }

    private Task<AlarmResponse> ChangeAsync(AlarmRequest.Types.AlarmAction action, AlarmType alarm) =>
        node.AskAsync(EtcdMethods.Alarm, new AlarmRequest { Action = action, MemberID = 1, Alarm = alarm });
}
