using System.CommandLine;
using System.CommandLine.Parsing;
using Balsa.Cli.CommandLine;

namespace Balsa.Cli.Commands.Servers;

/// <summary>Where settings come from: a flag wins over BALSA_ variables, these over ETCD_ ones, and all of them over the file.</summary>
internal sealed class SettingSources
{
    private readonly Dictionary<string, Option<string[]>> _options = new(StringComparer.Ordinal);

    internal void AddTo(Command command)
    {
        foreach (var setting in SettingTable.All)
        {
            var option = new Option<string[]>(setting.Flag)
            {
                Description = setting.Help, HelpName = setting.IsSwitch ? "true|false" : setting.Form,
                Arity = setting.MayStandAlone ? ArgumentArity.ZeroOrMore : ArgumentArity.OneOrMore,
            };
            _options.Add(setting.Name, option);
            command.Options.Add(option);
        }

        // Known, so that the answer is what to do instead and not which names there are.
        foreach (var name in SettingTable.Refused.Keys)
        {
            var option = new Option<string[]>($"--{name}") { Hidden = true, Arity = ArgumentArity.ZeroOrMore };
            _options.Add(name, option);
            command.Options.Add(option);
        }
    }

    /// <param name="variable">The environment.</param>
    /// <exception cref="SettingException">One cannot be used, and why.</exception>
    internal Dictionary<string, string> Collect(ParseResult parsed, Func<string, string?> variable)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var setting in SettingTable.All)
        {
            var fromVariable = setting.Variables.Select(variable).FirstOrDefault(text => text?.Length > 0);
            if ((FromFlag(parsed, setting.Name) ?? fromVariable) is { } value) found.Add(setting.Name, value);
        }

        foreach (var (name, instead) in SettingTable.Refused)
        {
            var asked = new Setting(name, "", "");
            if (FromFlag(parsed, name) is not null) throw new SettingException($"--{name} is not served.", instead);
            if (asked.Variables.FirstOrDefault(one => variable(one)?.Length > 0) is { } set)
                throw new SettingException($"the variable {set} is set, and --{name} is not served.", instead);
        }

        if (found.TryGetValue(SettingTable.ConfigFile, out var path)) AddFile(path, found);
        CourseVariables.AddTo(found, variable);
        return found;
    }

    private static void AddFile(string path, Dictionary<string, string> found)
    {
        foreach (var (name, value) in SettingFile.Read(path))
        {
            if (SettingTable.Refused.TryGetValue(name, out var instead))
                throw new SettingException($"{name} in {path} is not served.", instead);
            if (!SettingTable.All.Any(setting => setting.Name == name))
            {
                var nearest = NearestNames.To(name, [.. SettingTable.All.Select(setting => setting.Name)]).Take(2).ToList();
                throw new SettingException(
                    $"there is no setting {name}, and {path} has one.",
                    nearest.Count > 0 ? $"Near to it are {string.Join(" and ", nearest)}." : "The help lists all there are.");
            }

            found.TryAdd(name, value);
        }
    }

    private string? FromFlag(ParseResult parsed, string name) => parsed.GetResult(_options[name]) is not { Implicit: false } given ? null
        : given.Tokens.Count == 0 ? "true" : given.Tokens[^1].Value;
}
