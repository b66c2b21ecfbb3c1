using System.CommandLine;
using System.Globalization;
using Balsa.Cli.Clients;
using Balsa.Cli.CommandLine;

namespace Balsa.Cli.Commands.Cluster;

/// <summary>`balsa top`: the state of the cluster, again and again.</summary>
internal static class TopCommand
{
    private const string Home = "\u001b[H", ClearLine = "\u001b[K", ClearRest = "\u001b[J", ClearAll = "\u001b[2J";

    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var call = new ClientCall(results, messages);
        var once = new Option<bool>("--once") { Description = "One frame, and done." };
        var interval = Duration.Option("--interval", "How long a frame stays.", TimeSpan.FromSeconds(1));
        var command = new CliCommand(
            "top", "Shows members, lag and writes a second, live; q quits.", "balsa top", "balsa top --once", "balsa top --interval 5s --json");
        command.Options.Add(once);
        command.Options.Add(interval);
        call.AddOptions(command);
        command.SetAction(parsed =>
        {
            var output = call.OutputOf(parsed);
            if (call.EndpointsOf(parsed) is not { } endpoints) return ClientCall.BadEndpoints(output);
            var screen = new Screen(results, IsLive: !output.IsJson && !parsed.GetValue(once) && !Console.IsOutputRedirected);
            return RunAsync(output, screen, endpoints, parsed.GetValue(interval), parsed.GetValue(once)).GetAwaiter().GetResult();
        });
        return command;
    }

    private static async Task<int> RunAsync(
        Output output, Screen screen, IReadOnlyList<System.Net.IPEndPoint> endpoints, TimeSpan interval, bool once)
    {
        var frames = new TopFrames();
        while (true)
        {
            var view = await ClusterView.LookAsync(endpoints, interval < TimeSpan.FromSeconds(1) ? interval : TimeSpan.FromSeconds(1));
            if (view.Members.Count == 0 && (once || frames.Count == 0)) return StatusCommand.Unreachable(output, endpoints);
            var lines = frames.Next(view);
            if (screen.IsLive) screen.Show(lines);
            else foreach (var line in lines) output.Line(line);
            output.Object(writer =>
            {
                StatusJson.Write(writer, view);
                if (frames.WritesPerSecond is { } rate) writer.WriteNumber("revisionsPerSecond", Math.Round(rate, 1));
            });
            if (once || await screen.PauseAsync(interval)) return ExitCode.Done;
            output.Line();
        }
    }

    /// <summary>A terminal is drawn over in place, without a flicker; anything else gets frame after frame.</summary>
    private sealed record Screen(TextWriter Results, bool IsLive)
    {
        private static readonly TimeSpan KeyPause = TimeSpan.FromMilliseconds(50);
        private bool _isClean;

        public void Show(IEnumerable<string> lines)
        {
            Results.Write(_isClean ? Home : ClearAll + Home);
            _isClean = true;
            foreach (var line in lines) Results.Write(line + ClearLine + Environment.NewLine);
            Results.Write(ClearRest);
            Results.Flush();
        }

        /// <summary>True when somebody wants to leave.</summary>
        public async Task<bool> PauseAsync(TimeSpan interval)
        {
            Results.Flush();
            if (!IsLive || Console.IsInputRedirected)
            {
                await Task.Delay(interval);
                return false;
            }

            for (var waited = TimeSpan.Zero; waited < interval; waited += KeyPause)
            {
                if (Console.KeyAvailable && Console.ReadKey(intercept: true).KeyChar is 'q' or 'Q') return true;
                await Task.Delay(KeyPause);
            }

            return false;
        }
    }
}
