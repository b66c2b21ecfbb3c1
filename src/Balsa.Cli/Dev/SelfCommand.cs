namespace Balsa.Cli.Dev;

/// <summary>How this executable is started again.</summary>
internal static class SelfCommand
{
    /// <summary>All of it: program and assembly.</summary>
    public static IReadOnlyList<string> Program => [Environment.ProcessPath!, .. Words];

    /// <summary>What follows the program's path: the assembly when the program is dotnet itself, nothing otherwise.</summary>
    public static IReadOnlyList<string> Words { get; } =
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [Path.Combine(AppContext.BaseDirectory, "balsa.dll")] : [];
}
