using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Balsa.Course.Tests.Controllers;

/// <summary>
/// A controller as the courses wrote them: one socket, bound to one port, that reads 1024 bytes and loses the rest. Nothing of ours
/// is in it, so what it understands other people's controllers understand.
/// </summary>
internal sealed class OldController : IDisposable
{
    private const int BytesRead = 1024;
    internal static readonly TimeSpan Longest = TimeSpan.FromSeconds(60), AnswerMax = TimeSpan.FromSeconds(4), Quiet = TimeSpan.FromMilliseconds(400);
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);

    /// <param name="group">Null for a controller that speaks with one node at a time.</param>
    internal OldController(IPEndPoint? group = null)
    {
        if (group is null)
        {
            _socket.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.100"), 0));
            return;
        }

        _socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, optionValue: true);
        _socket.Bind(group);
        _socket.SetSocketOption(
            SocketOptionLevel.IP, SocketOptionName.AddMembership, new MulticastOption(group.Address, IPAddress.Loopback));
        _socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, IPAddress.Loopback.GetAddressBytes());
    }

    internal void Send(IPEndPoint to, string request, string key = "null", string value = "null", string? recipient = null) =>
        _socket.SendTo(Encoding.UTF8.GetBytes(
            $$"""{"sender_name":"Controller",{{(recipient is null ? "" : $"\"recipient\":\"{recipient}\",")}}"""
            + $$""" "request":"{{request}}","term":null,"key":{{key}},"value":{{value}}}"""), to);

    /// <summary>Sends, and reads until so many answers are there, and then until nobody says anything more.</summary>
    internal async Task<IReadOnlyList<JsonElement>> AskAsync(
        IPEndPoint to, string request, int answers = 1, string key = "null", string value = "null", string? recipient = null)
    {
        await HearAsync(0);
        Send(to, request, key, value, recipient);
        return await HearAsync(answers);
    }

    /// <summary>One question to one node, and the one answer.</summary>
    internal async Task<JsonElement> AskOneAsync(IPEndPoint node, string request, string key = "null", string value = "null")
    {
        await HearAsync(0);
        Send(node, request, key, value);
        return Assert.Single(await HearAsync(1, isPatient: false));
    }

    /// <summary>Asks again until it is so.</summary>
    internal static async Task UntilAsync(string what, Func<Task<bool>> isSo)
    {
        var began = Stopwatch.GetTimestamp();
        while (!await isSo()) Assert.True(Stopwatch.GetElapsedTime(began) < Longest, $"not {what} within {Longest.TotalSeconds} s");
    }

    public void Dispose() => _socket.Dispose();

    private async Task<IReadOnlyList<JsonElement>> HearAsync(int expected, bool isPatient = true)
    {
        var (heard, buffer) = (new List<JsonElement>(), new byte[BytesRead]);
        while (isPatient || heard.Count < expected)
        {
            using var limit = new CancellationTokenSource(heard.Count < expected ? AnswerMax : expected == 0 ? TimeSpan.FromMilliseconds(1) : Quiet);
            try
            {
                var bytes = await _socket.ReceiveAsync(buffer.AsMemory(), SocketFlags.None, limit.Token);
                var message = JsonDocument.Parse(buffer.AsMemory(0, bytes).ToArray()).RootElement;
                // In the group a controller hears itself.
                if (message.GetProperty("sender_name").GetString() != "Controller") heard.Add(message);
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        return heard;
    }
}
