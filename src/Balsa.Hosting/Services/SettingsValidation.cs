using Balsa.Hosting.Members;
using Microsoft.Extensions.Options;

namespace Balsa.Hosting.Services;

/// <summary>All mistakes of the settings when the host starts, each with the name that it has in the configuration.</summary>
internal sealed class SettingsValidation(string section) : IValidateOptions<RaftSettings>
{
    public ValidateOptionsResult Validate(string? name, RaftSettings options)
    {
        var problems = SettingsCheck.Problems(options);
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems.Select(one => $"{section}:{one}"));
    }
}
