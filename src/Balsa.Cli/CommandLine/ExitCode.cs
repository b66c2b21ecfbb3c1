namespace Balsa.Cli.CommandLine;

/// <summary>What the shell sees. Reports (sim, bench, check, test) use 0, 1, 2 and 10; client commands use the others too.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int Unknown = 10;
}
