namespace Balsa.Cli.Commands.Servers;

/// <summary>A file of settings: lines of <c>name: value</c>, which is also YAML. Comments begin with #.</summary>
internal static class SettingFile
{
    /// <exception cref="SettingException">What is wrong, where.</exception>
    internal static IReadOnlyDictionary<string, string> Read(string path)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new SettingException($"--config-file {path} cannot be read.", problem.Message);
        }

        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].TrimEnd();
            if (line.Length == 0 || line.TrimStart().StartsWith('#') || line == "---") continue;
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1 || char.IsWhiteSpace(line[0]))
                throw new SettingException($"line {i + 1} of {path} is no setting.",
                    $"It says \"{line}\"; a setting is written name: value.");
            var (name, value) = (line[..colon].TrimStart('-'), Plain(line[(colon + 1)..].Trim()));
            if (value.Length > 0 && !found.TryAdd(name, value))
                throw new SettingException($"line {i + 1} of {path} says {name} a second time.", "Each setting has one value.");
        }

        return found;
    }

    private static string Plain(string value)
    {
        if (value.Length > 1 && value[0] is '"' or '\'' && value[^1] == value[0]) return value[1..^1];
        var comment = value.IndexOf(" #", StringComparison.Ordinal);
        return comment < 0 ? value : value[..comment].TrimEnd();
    }
}
