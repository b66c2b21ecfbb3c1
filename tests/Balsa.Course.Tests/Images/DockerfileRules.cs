using System.Text.Json;
using System.Text.RegularExpressions;

namespace Balsa.Course.Tests.Images;

/// <summary>What has to be so in the Dockerfile.</summary>
internal static partial class DockerfileRules
{
    private static readonly string[] WordsKnown =
        ["FROM", "WORKDIR", "COPY", "ADD", "RUN", "ENV", "VOLUME", "EXPOSE", "USER", "HEALTHCHECK", "ENTRYPOINT", "CMD"];

    internal static IEnumerable<string> Violations(Dockerfile file)
    {
        foreach (var (word, _) in file.Instructions)
            if (!WordsKnown.Contains(word)) yield return $"{word} is no instruction";
        foreach (var problem in OfStages(file).Concat(OfCopies(file)).Concat(OfStart(file))) yield return problem;
    }

    private static IEnumerable<string> OfStages(Dockerfile file)
    {
        var stages = file.Stages.ToList();
        if (stages.Count < 2) yield return "it has one stage, so the image carries the compiler";
        foreach (var (image, stage) in stages)
        {
            if (stage.Length == 0) yield return $"the stage of {image} has no name";
            if (!PinnedImage().IsMatch(image)) yield return $"{image} is not pinned to a version";
        }

        if (!stages[0].Image.Contains("/sdk:", StringComparison.Ordinal)) yield return "the first stage has no SDK";
        if (!IsTaken(stages[0].Image.Split(':')[^1])) yield return "global.json refuses the SDK of the first stage";
        // A program with ASP.NET does not start where only the runtime is.
        if (!stages[^1].Image.Contains("/aspnet:", StringComparison.Ordinal)) yield return "the last stage lacks ASP.NET";
        foreach (var (_, rest) in file.Instructions.Where(one => one.Word == "COPY"))
            if (StageCopied().Match(rest) is { Success: true } from && stages.All(stage => stage.Stage != from.Groups["stage"].Value))
                yield return $"there is no stage {from.Groups["stage"].Value}";
    }

    private static IEnumerable<string> OfCopies(Dockerfile file)
    {
        var ignored = File.ReadAllLines(Path.Combine(CourseLists.Root, ".dockerignore"));
        foreach (var source in file.Sources)
        {
            if (!Path.Exists(Path.Combine(CourseLists.Root, source))) yield return $"{source} does not exist";
            if (ignored.Any(line => $"{source}/".StartsWith($"{line}/", StringComparison.Ordinal)))
                yield return $"{source} is ignored";
        }

        foreach (var (word, rest) in file.Instructions)
            if (word == "ADD" || Fetch().IsMatch(rest)) yield return $"{word} {rest} fetches something that may be another thing tomorrow";
        foreach (var needed in BuildInputs.Of("src/Balsa.Cli/Balsa.Cli.csproj"))
            if (!file.Sources.Any(source => needed == source || needed.StartsWith($"{source.TrimEnd('/')}/", StringComparison.Ordinal)))
                yield return $"the build needs {needed}, which is not copied";
    }

    private static IEnumerable<string> OfStart(Dockerfile file)
    {
        if (file.Last("USER") is null or "root" or "0") yield return "the program runs as root";
        if (file.Last("ENTRYPOINT") != "[\"balsa\"]") yield return "the program is not what is started, without a shell";
        var ports = file.Last("EXPOSE")?.Split(' ') ?? [];
        foreach (var port in (string[])["2380/tcp", "2379/tcp", "5555/udp", "8001/tcp"])
            if (!ports.Contains(port)) yield return $"{port} is not exposed";
        var health = file.Last("HEALTHCHECK") ?? "";
        var at = health.IndexOf(" CMD [", StringComparison.Ordinal);
        var words = at < 0 ? [] : JsonSerializer.Deserialize<string[]>(health[(at + 5)..])!;
        if (words is not ["balsa", var command, ..]) yield return "its health must be asked by the program itself, without a shell";
        else
            foreach (var flag in words.Where(word => word.StartsWith("--", StringComparison.Ordinal)))
                if (!HelpTexts.Flags(command).Contains(flag)) yield return $"there is no flag {flag} in balsa {command}";
    }

    private static bool IsTaken(string version)
    {
        var text = File.ReadAllText(Path.Combine(CourseLists.Root, "global.json"));
        var wanted = JsonDocument.Parse(text).RootElement.GetProperty("sdk").GetProperty("version").GetString()!;
        return Version.TryParse(version, out var found) && found >= Version.Parse(wanted)
            && found.ToString(2) == Version.Parse(wanted).ToString(2);
    }

    [GeneratedRegex(@"^[a-z0-9./-]+:\d+\.\d+\.\d+$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex PinnedImage();

    [GeneratedRegex(@"^--from=(?<stage>\S+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex StageCopied();

    [GeneratedRegex(@"https?://|\b(curl|wget|apt-get|apk)\b", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Fetch();
}
