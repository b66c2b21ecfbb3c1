using Balsa.Node;

namespace Balsa.Cli.Commands.Servers;

/// <summary>Where a server keeps its log: what was asked for, or a folder that is gone with it.</summary>
internal sealed class LanDirectory : IDisposable
{
    private readonly bool _isTemporary;

    /// <exception cref="NodeStartException">It cannot be made.</exception>
    public LanDirectory(string? wanted)
    {
        _isTemporary = wanted is null;
        try
        {
            Path = wanted ?? Directory.CreateTempSubdirectory("balsa-lan-").FullName;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new NodeStartException("No temporary folder can be made.", problem.Message, "balsa lan --data-dir DIR ...");
        }
    }

    public string Path { get; }

    public void Dispose()
    {
        if (_isTemporary) Directory.Delete(Path, recursive: true);
    }
}
