using System.Globalization;
using System.Net;
using Balsa.Adapters.Controller;

namespace Balsa.Cli.Commands.Servers;

/// <summary>From texts to the ports of the course dialects, or to the reason why that cannot be.</summary>
internal sealed class ControllerSettings(IReadOnlyDictionary<string, string> values)
{
    /// <summary>Null when no controller was asked for.</summary>
    /// <exception cref="SettingException">What is wrong with which setting.</exception>
    internal ControllerOptions? Read()
    {
        if (!values.TryGetValue(ControllerTable.Port, out var listen) || listen == "false")
        {
            var orphan = ControllerTable.All.FirstOrDefault(one => one.Name.StartsWith("controller-", StringComparison.Ordinal)
                && values.ContainsKey(one.Name));
            return orphan is null ? null : throw new SettingException(
                $"--{orphan.Name} is set, and --{ControllerTable.Port} is not.", "Without it there is no port for controllers.");
        }

        return new ControllerOptions
        {
            Listen = Address(ControllerTable.Port, listen == "true" ? "127.0.0.1" : listen, IPAddress.Loopback),
            Allowed = Networks(), Secret = Secret(), Dialect = Dialect(), Group = Group(),
            RepliesByName = Choice(ControllerTable.Reply, "source", "name") == "name",
        };
    }

    private DialectOptions Dialect() => new()
    {
        DatagramBytesMax = (int)Number(
            ControllerTable.Datagram, DialectOptions.DatagramBytesByDefault, DialectOptions.DatagramBytesLeast,
            DialectOptions.DatagramBytesMost),
        EntryKeys = Choice(ControllerTable.EntryKeys, "upper", "lower", "both") switch
        {
            "lower" => EntryKeys.Lower,
            "both" => EntryKeys.Both,
            _ => EntryKeys.Upper,
        },
        StoreAck = Choice(ControllerTable.Ack, "on", "off", "legacy-success") switch
        {
            "off" => StoreAck.Off,
            "legacy-success" => StoreAck.LegacySuccess,
            _ => StoreAck.On,
        },
        EntriesKey = values.GetValueOrDefault(ControllerTable.EntriesKey, ReplyKeys.Entries),
        LeaderInfoTerm = IsOn(ControllerTable.Term), DummyEntry = IsOn(ControllerTable.Dummy),
        RefusesOrders = IsOn(ControllerTable.ReadOnly),
        ShutDownPauses = Choice(ControllerTable.Shutdown, "exit", "pause") == "pause",
    };

    private GroupOptions? Group() =>
        values.TryGetValue(ControllerTable.Group, out var text) && text != "false" ? GroupOf(text) : null;

    /// <exception cref="SettingException">It is no group.</exception>
    internal static GroupOptions GroupOf(string text)
    {
        var parts = (text == "true" ? "" : text).Split('@', 2);
        var group = Address(ControllerTable.Group, parts[0], GroupOptions.GroupByDefault);
        if (group.Address.GetAddressBytes()[0] is < 224 or > 239)
            throw Wrong(ControllerTable.Group, text, "A group has an address from 224.0.0.0 to 239.255.255.255.");
        var reached = parts.Length == 2 ? Address(ControllerTable.Group, parts[1], IPAddress.Loopback).Address : IPAddress.Loopback;
        return new GroupOptions(group, reached);
    }

    private IReadOnlyList<IPNetwork> Networks()
    {
        var found = new List<IPNetwork>();
        foreach (var text in values.GetValueOrDefault(ControllerTable.Allow, "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (IPAddress.TryParse(text.Trim(), out var one)) found.Add(new IPNetwork(one, 8 * one.GetAddressBytes().Length));
            else if (IPNetwork.TryParse(text.Trim(), out var network)) found.Add(network);
            else throw Wrong(ControllerTable.Allow, text, "Write addresses or networks, such as 10.0.0.7,192.168.0.0/16.");
        }

        return found;
    }

    /// <summary>From a file, so that it stands in no list of processes.</summary>
    private string? Secret()
    {
        if (!values.TryGetValue(ControllerTable.Secret, out var path)) return null;
        return SecretFile.Read(path, out var problem) ?? throw Wrong(ControllerTable.Secret, path, problem);
    }

    private static IPEndPoint Address(string name, string text, IPAddress otherwise)
    {
        // A bare port is a port: the parser would take it for an address.
        if (text.Length == 0) return new IPEndPoint(otherwise, ControllerOptions.PortByDefault);
        if (ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0)
            return new IPEndPoint(otherwise, port);
        if (!IPEndPoint.TryParse(text, out var found) || found.AddressFamily != System.Net.Sockets.AddressFamily.InterNetwork)
            throw Wrong(name, text, "Write an IPv4 address, a port, or both: 127.0.0.2:5555.");
        return found.Port == 0 ? new IPEndPoint(found.Address, ControllerOptions.PortByDefault) : found;
    }

    private long Number(string name, long otherwise, long least, long most)
    {
        if (!values.TryGetValue(name, out var text)) return otherwise;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number : throw Wrong(name, text, $"It needs a whole number from {least} to {most}.");
    }

    private string Choice(string name, params string[] words)
    {
        var text = values.GetValueOrDefault(name, words[0]);
        return words.Contains(text) ? text : throw Wrong(name, text, $"It is {string.Join(" or ", words)}.");
    }

    private bool IsOn(string name) => Choice(name, "false", "true") == "true";

    private static SettingException Wrong(string name, string text, string why) => new($"--{name} cannot be \"{text}\".", why);
}
