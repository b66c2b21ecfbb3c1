namespace Balsa.System.Tests.Faults;

/// <summary>
/// These tests keep the disks busy, and others insist that a healthy cluster answers in time: they do not run together.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "faults of real disks";
}
