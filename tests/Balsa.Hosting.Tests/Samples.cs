namespace Balsa.Hosting.Tests;

internal static class Samples
{
    /// <summary>Built beside this test, in the same configuration.</summary>
    internal static string PathOf(string sample)
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        return Path.Combine(own.Parent!.Parent!.FullName, sample, own.Name, sample + ".dll");
    }

    internal static string Source(string path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Balsa.slnx"))) folder = folder.Parent!;
        return Path.Combine(folder.FullName, path);
    }
}
