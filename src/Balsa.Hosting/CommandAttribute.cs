namespace Balsa.Hosting;

/// <summary>
/// The name of a command in the log, which stays while the class is renamed, and its version. When the meaning of a command
/// changes, keep the old class for the old log and give the new one the next version.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, Inherited = false)]
public sealed class CommandAttribute(string name) : Attribute
{
    public string Name { get; } = name;

    public ushort Version { get; init; } = 1;
}
