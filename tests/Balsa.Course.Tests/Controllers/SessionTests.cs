using System.Diagnostics;
using System.Net;

namespace Balsa.Course.Tests.Controllers;

[Collection(Processes.Name)]
public sealed class SessionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    [Row("S0-17", "S0-18", "S0-19", "S0-20", "S1-18", "S1-19", "S1-21")]
    public async Task The_session_that_the_course_asks_for_is_one_script()
    {
        var five = new FiveNodes();
        await five.InitializeAsync();
        try
        {
            var script = Path.Combine(Root(), "samples", "controller", "session.txt");
            var session = await five.Cli.RunAsync("controller", "run", script);
            Assert.True(session.Code == 0, session.Out + session.Error);
            Assert.Contains("all as expected", session.Out, StringComparison.Ordinal);
            var wrong = Path.Combine(five.Cli.Folder, "wrong.txt");
            await File.WriteAllTextAsync(wrong, "wait leader 10s\nall LEADER_INFO\nexpect leader=Node9\n", Token);
            var failed = await five.Cli.RunAsync("controller", "run", wrong);
            Assert.Equal(1, failed.Code);
            Assert.Contains("line 3", failed.Error, StringComparison.Ordinal);
        }
        finally
        {
            await five.DisposeAsync();
        }
    }

    [Fact]
    [Row("S0-19", "M0-11")]
    public async Task A_node_that_is_shut_down_ends_with_success_and_without_an_error()
    {
        using var cli = new Balsa.System.Tests.Cli();
        var address = new IPEndPoint(IPAddress.Loopback, FiveNodes.FreePort());
        using var node = cli.Start([.. ServerWords(cli), "--controller", $"{address}", "--stop-with-parent"]);
        using var controller = new OldController();
        await OldController.UntilAsync("leading", async () =>
            (await controller.AskAsync(address, "LEADER_INFO")) is [var told] && told.GetProperty("value").ToString() == "default");
        controller.Send(address, "SHUTDOWN");
        await node.WaitForExitAsync(Token).WaitAsync(OldController.Longest, Token);
        Assert.Equal(0, node.ExitCode);
        Assert.DoesNotContain("error", await node.StandardError.ReadToEndAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    [Row("S3-20")]
    public async Task A_node_starts_with_nothing_but_the_variables_of_the_course()
    {
        using var cli = new Balsa.System.Tests.Cli();
        var port = FiveNodes.FreePort();
        var start = cli.InfoOf(ServerWords(cli));
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["app_name"] = "Node1", ["Port"] = $"{port}", ["group"] = "224.1.1.1", ["tor1"] = "1", ["tor2"] = "2", ["heartrate"] = ".25",
            ["client_host"] = "220.1.1.1", ["client_port"] = "5000",
        })
            start.Environment[name] = value;
        using var node = Process.Start(start)!;
        try
        {
            // The group's socket shares port and interface with the node: an answer to it from the node's own port would come to the node.
            using var controller = new OldController();
            using var inGroup = new OldController(new IPEndPoint(IPAddress.Parse("224.1.1.1"), port));
            await OldController.UntilAsync("leading", async () =>
                (await controller.AskAsync(new IPEndPoint(IPAddress.Loopback, port), "LEADER_INFO")) is [var told]
                && told.GetProperty("value").ToString() == "Node1");
            var status = await inGroup.AskAsync(new IPEndPoint(IPAddress.Parse("224.1.1.1"), port), "STATUS", recipient: "E");
            var info = Assert.Single(status).GetProperty("value");
            Assert.Equal((1, .25), (info.GetProperty("timeout").GetDouble(), info.GetProperty("heartbeat_interval").GetDouble()));
        }
        finally
        {
            node.Kill();
        }
    }

    [Fact]
    public async Task Wrong_settings_and_taken_ports_say_what_to_do()
    {
        using var cli = new Balsa.System.Tests.Cli();
        var address = new IPEndPoint(IPAddress.Loopback, FiveNodes.FreePort());
        using var held = new global::System.Net.Sockets.UdpClient(address);
        var taken = await cli.RunAsync([.. ServerWords(cli), "--controller", $"{address}"]);
        Assert.Equal(1, taken.Code);
        Assert.Contains($"{address}", taken.Error, StringComparison.Ordinal);
        foreach (var words in (string[][])[["--controller", "nowhere"], ["--controller-read-only"], 
            ["--controller", "--controller-group", "10.0.0.1"],
            ["--controller", "--controller-allow", "friends"], ["--controller", "--controller-secret-file", "/nowhere"],
            ["--controller", "--controller-datagram-bytes", "7"], ["--controller", "--shutdown-mode", "maybe"]])
        {
            var wrong = await cli.RunAsync([.. ServerWords(cli), .. words]);
            Assert.True(wrong.Code == 2, string.Join(' ', words) + wrong.Out + wrong.Error);
            Assert.Contains("next:", wrong.Error, StringComparison.Ordinal);
        }
    }

    private static string[] ServerWords(Balsa.System.Tests.Cli cli) =>
    [
        "server", "--data-dir", Path.Combine(cli.Folder, "data"), "--wal-segment-bytes", "16777216",
        "--listen-peer-urls", $"http://127.0.0.1:{FreeTcp()}", "--listen-client-urls", $"http://127.0.0.1:{FreeTcp()}",
    ];

    private static int FreeTcp()
    {
        using var held = new global::System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        held.Start();
        return ((IPEndPoint)held.LocalEndpoint).Port;
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Balsa.slnx"))) folder = folder.Parent;
        return folder.FullName;
    }
}
