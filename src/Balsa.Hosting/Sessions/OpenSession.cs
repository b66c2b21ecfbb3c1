namespace Balsa.Hosting.Sessions;

/// <summary>A session as its owner knows it.</summary>
internal sealed record OpenSession(ulong Id)
{
    internal RequestNumbers Numbers { get; } = new();
}
