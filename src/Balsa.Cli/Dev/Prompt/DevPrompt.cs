using System.Globalization;
using Balsa.Cli.Commands.Cluster;
using Balsa.Cli.Dev.Faults;

namespace Balsa.Cli.Dev.Prompt;

/// <summary>From keys, and from the words of a second terminal, to what happens to the cluster.</summary>
internal sealed class DevPrompt(DevCluster cluster, DevFaults faults, DevLoad load, DevScreen screen, Action stop)
{
    /// <summary>Until the last key.</summary>
    public void ReadKeys()
    {
        var chosen = "";
        foreach (var key in DevKeys.Read())
        {
            if (char.IsAsciiDigit(key))
            {
                chosen = $"n{key}";
                continue;
            }

            PressAsync(key, chosen).GetAwaiter().GetResult();
            chosen = "";
            if (key == 'q') return;
        }
    }

    public async Task<DevResponse> HandleAsync(DevRequest request)
    {
        switch (request.Op)
        {
            case "ping": return new DevResponse(Done: true, "here");
            case "stop":
                stop();
                return new DevResponse(Done: true, "stopping");
            default:
                return DevFaults.Operations.Contains(request.Op)
                    ? Tell(await faults.DoAsync(request.Op, request.Node))
                    : new DevResponse(Done: false, $"there is no operation {request.Op}");
        }
    }

    private async Task PressAsync(char key, string chosen)
    {
        if (DevKeys.FaultOf(key) is var (operation, target))
        {
            Tell(await faults.DoAsync(operation, chosen.Length > 0 ? chosen : target));
            return;
        }

        switch (key)
        {
            case 'l': await TurnLoadAsync(); break;
            case 's':
                var view = await cluster.LookAsync();
                screen.Print(to => StatusPage.Print(to, view, isDev: true));
                break;
            case 'q': stop(); break;
            default: screen.Print(to => to.Line($"  {DevKeys.Help}")); break;
        }
    }

    private async Task TurnLoadAsync()
    {
        if (!load.IsOn)
        {
            load.Start();
            screen.Say("✓", $"load on: three clients write below {LoadLedger.Folder}, one reads");
            return;
        }

        var verdict = await load.StopAsync();
        screen.Say(verdict is { Lost: 0 } ? "✓" : "✕", verdict is null
            ? "load off; no majority answers, so nobody knows whether anything is lost"
            : string.Create(CultureInfo.InvariantCulture,
                $"load off, {verdict.Lost} acknowledged writes lost (checked {verdict.Checked})"));
    }

    private DevResponse Tell(DevResponse response)
    {
        screen.Say(response is { Done: true, Lost: null or 0 } ? "✓" : "✕", response.After ?? response.Message);
        return response;
    }
}
