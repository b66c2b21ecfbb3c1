using System.Net;

namespace Balsa.Course.Tests.Images;

/// <summary>What has to be so in a compose file, whatever it is for.</summary>
internal static class ComposeRules
{
    private const string DataFolder = "/var/lib/balsa";
    private static readonly string[] KeysKnown =
    [
        "image", "build", "container_name", "command", "environment", "networks", "ports", "volumes", "stdin_open", "restart",
        "healthcheck", "depends_on", "init",
    ];

    internal static IEnumerable<string> Violations(ComposeFile file) =>
        OfTop(file).Concat(file.Services.SelectMany(service => OfService(file, service)));

    private static IEnumerable<string> OfTop(ComposeFile file)
    {
        if (file.Top["version"]?.GetValue<string>() != "3.7") yield return "the version is not 3.7";
        foreach (var key in file.Top.Select(one => one.Key))
            if (key is not ("version" or "name" or "x-node" or "services" or "networks" or "volumes")) yield return $"{key} is not known";
        foreach (var container in file.Services.GroupBy(service => service.Text("container_name")).Where(group => group.Count() > 1))
            yield return $"two services are called {container.Key}";
        foreach (var port in file.Services.SelectMany(service => service.Ports).GroupBy(port => port).Where(group => group.Count() > 1))
            yield return $"{port.Key} is published twice";
        var used = file.Services.SelectMany(service => service.Volumes).Select(volume => volume.Split(':')[0]).ToList();
        foreach (var volume in file.Volumes.Except(used)) yield return $"nobody uses the volume {volume}";
        foreach (var volume in used.Except(file.Volumes)) yield return $"there is no volume {volume}";
        foreach (var volume in used.GroupBy(volume => volume).Where(group => group.Count() > 1))
            yield return $"the volume {volume.Key} is in two services";
    }

    private static IEnumerable<string> OfService(ComposeFile file, ComposeService service)
    {
        foreach (var key in service.Keys.Except(KeysKnown)) yield return $"{service.Name}: {key} is not known";
        if (service.Text("image") != "balsa") yield return $"{service.Name}: all are one image";
        var context = Path.Combine(CourseLists.Root, "samples/compose", service.Text("build") ?? "nowhere");
        if (!File.Exists(Path.Combine(context, "Dockerfile")))
            yield return $"{service.Name}: no Dockerfile is where it is built from";
        if (service.Text("restart") != "no") yield return $"{service.Name}: what is told to end must stay down";
        foreach (var word in service.Command.Where(word => word.StartsWith("--", StringComparison.Ordinal)))
            if (!HelpTexts.Flags(service.Command[0]).Contains(word)) yield return $"{service.Name}: there is no flag {word}";
        foreach (var name in service.Environment.Keys.Where(name => name.StartsWith("BALSA_", StringComparison.Ordinal)))
            if (name != "BALSA_CONTROLLER_NODES" && !HelpTexts.Flags("server").Contains(FlagOf(name)))
                yield return $"{service.Name}: there is no variable {name}";
        foreach (var port in service.Ports)
            if (port.Split(':') is not ["127.0.0.1", var outside, var inside] || !IsPort(outside) || !IsPort(inside))
                yield return $"{service.Name}: {port} is no port that is published on loopback alone";
        foreach (var volume in service.Volumes)
            if (!volume.EndsWith($":{DataFolder}", StringComparison.Ordinal)) yield return $"{service.Name}: {volume} is not for the data";
        foreach (var (other, condition) in service.WaitsFor)
            if (file.Services.All(one => one.Name != other) || condition != "service_healthy" || file[other].HealthTest.Count == 0)
                yield return $"{service.Name}: it cannot wait until {other} is healthy";
        if (service.Address is { } address && !(file.Subnet is { } subnet && IPNetwork.Parse(subnet).Contains(IPAddress.Parse(address))))
            yield return $"{service.Name}: {address} is not in the network";
        foreach (var problem in OfHealth(service)) yield return $"{service.Name}: {problem}";
    }

    private static IEnumerable<string> OfHealth(ComposeService service)
    {
        var test = service.HealthTest;
        if (service.Command[0] != "server")
        {
            if (!service.HasNoHealth) yield return "it is no server, and its image asks whether one is healthy";
        }
        else if (test.Count < 3 || test[0] != "CMD" || test[1] != "balsa")
        {
            yield return "its health must be asked by the program itself, without a shell";
        }
        else
        {
            foreach (var word in test.Where(word => word.StartsWith("--", StringComparison.Ordinal)))
                if (!HelpTexts.Flags(test[2]).Contains(word)) yield return $"there is no flag {word} in balsa {test[2]}";
            if (!service.Command.Contains($"http://0.0.0.0:{test[^3].Split(':')[^1]}")) yield return "its health is asked at a wrong port";
        }
    }

    private static string FlagOf(string variable) =>
        "--" + variable["BALSA_".Length..].ToLowerInvariant().Replace('_', '-');

    private static bool IsPort(string text) => ushort.TryParse(text, out var port) && port > 0;
}
