namespace Balsa.Hosting.Errors;

/// <summary>The command certainly did not run and never will. It may be sent again.</summary>
public sealed class NotAppliedException(string why)
    : Exception($"The command was not applied: {why}. It certainly did not run, so it may be sent again.");
