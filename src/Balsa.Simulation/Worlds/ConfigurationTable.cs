using Balsa.Raft.Log;
using Balsa.Raft.Membership;

namespace Balsa.Simulation.Worlds;

/// <summary>The bytes of configuration entries, without bytes: a handle names the object that some leader wrote.</summary>
internal sealed class ConfigurationTable
{
    /// <summary>Handles below are command numbers.</summary>
    private const ulong FirstHandle = 1UL << 40;

    private readonly List<Configuration> _authored = [];

    internal Configuration this[PayloadHandle handle] => _authored[(int)(handle.Value - FirstHandle)];

    internal PayloadHandle Add(Configuration configuration)
    {
        _authored.Add(configuration);
        return new PayloadHandle(FirstHandle + (ulong)_authored.Count - 1);
    }
}
