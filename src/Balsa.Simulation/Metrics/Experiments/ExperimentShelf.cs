namespace Balsa.Simulation.Metrics.Experiments;

/// <summary>The experiments that travel with the program: samples/metrics.</summary>
public static class ExperimentShelf
{
    /// <summary>What runs when nobody says otherwise.</summary>
    public const string First = "metrics_1";

    private const string Prefix = "metrics/";

    public static IReadOnlyList<string> Names { get; } = ListNames();

    /// <summary>Null when there is none of this name.</summary>
    public static Experiment? Find(string name)
    {
        using var stream = typeof(ExperimentShelf).Assembly.GetManifestResourceStream(Prefix + name);
        if (stream is null) return null;
        using var reader = new StreamReader(stream);
        return ExperimentReader.Read(name, reader.ReadToEnd());
    }

    private static List<string> ListNames()
    {
        var names = new List<string>();
        foreach (var resource in typeof(ExperimentShelf).Assembly.GetManifestResourceNames())
            if (resource.StartsWith(Prefix, StringComparison.Ordinal)) names.Add(resource[Prefix.Length..]);
        names.Sort(StringComparer.Ordinal);
        return names;
    }
}
