using Balsa.Etcd.Tests.Differential;
using Balsa.Etcd.Tests.Server;

namespace Balsa.Etcd.Tests;

/// <summary>One conversation with etcd for all tests of a class; recorded when the first of them asks.</summary>
public sealed class RecordedTranscript
{
    private const int Operations = 20_000, Seed = 1;
    private readonly Lazy<Task<Transcript>> _transcript = new(
        () => Transcript.RecordAsync(Number("BALSA_ETCD_SEED", Seed), Number("BALSA_ETCD_OPERATIONS", Operations)));

    internal Task<Transcript> GetAsync()
    {
        EtcdProcess.SkipWhenMissing();
        return _transcript.Value;
    }

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text) : otherwise;
}
