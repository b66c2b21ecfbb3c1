using System.Globalization;
using System.Runtime.CompilerServices;

namespace Balsa.KeyValue.Tests.Golden;

/// <summary>
/// Golden files beside this one. A line of an entry is <c>term | bytes in hexadecimal | # comment</c>; behind it, indented,
/// stands what came of it: the hash of the answer, the history hash, the content hash, and here and there hashes of the
/// history as clients ask for them.
/// </summary>
internal static class GoldenFile
{
    internal const string Log = "commands-v2.txt", EarlierLog = "commands-v1.txt", Snapshot = "snapshot-content-v1.bin";

    /// <summary>Only what is missing is written: a golden file that differs is a mistake, unless somebody deletes it first.</summary>
    static GoldenFile()
    {
        if (Environment.GetEnvironmentVariable("BALSA_REWRITE") != "1") return;
        foreach (var name in new[] { Log, EarlierLog })
        {
            if (File.Exists(PathOf(name))) continue;
            var made = new GoldenReplay();
            made.Run(Make(name));
            File.WriteAllText(PathOf(name), made.Text);
        }

        if (File.Exists(PathOf(Snapshot))) return;
        var replay = new GoldenReplay();
        replay.Run(Make(Log));
        File.WriteAllBytes(PathOf(Snapshot), replay.Snapshot());
    }

    internal static IReadOnlyList<GoldenEntry> Make(string name) => name == EarlierLog ? GoldenLog.MakeEarlier() : GoldenLog.Make();

    internal static string PathOf(string name) => Path.Combine(Folder(), name);

    internal static List<GoldenEntry> Read(string name)
    {
        var entries = new List<GoldenEntry>();
        foreach (var line in File.ReadLines(PathOf(name)).Where(line => !line.StartsWith(' ')))
        {
            var parts = line.Split(' ', 4);
            var comment = parts[3][(parts[3].IndexOf(": ", StringComparison.Ordinal) + 2)..];
            entries.Add(new GoldenEntry(ulong.Parse(parts[0], CultureInfo.InvariantCulture), Convert.FromHexString(parts[1]), comment));
        }

        return entries;
    }

    private static string Folder([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
