namespace Balsa.Cli.Harness;

/// <summary>How a server is taken away from the others.</summary>
internal enum HarnessForm
{
    /// <summary>SIGKILL: it never comes back.</summary>
    Kill,

    /// <summary>Packets between it and the others are dropped by port, and later let through again.</summary>
    Iptables,
}
