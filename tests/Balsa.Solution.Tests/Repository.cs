namespace Balsa.Solution.Tests;

/// <summary>The files of the working copy that the tests were built from, with paths relative to its top and forward slashes.</summary>
internal static class Repository
{
    private static readonly string[] NotOurs = ["artifacts", "bin", "obj", ".git", ".vs", ".idea", "node_modules"];

    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<string> Files { get; } =
        [.. Walk(new DirectoryInfo(Root)).Select(RelativePath).Order(StringComparer.Ordinal)];

    public static IEnumerable<string> Projects =>
        Files.Where(path => path.StartsWith("src/", StringComparison.Ordinal) && path.EndsWith(".csproj", StringComparison.Ordinal));

    public static IEnumerable<string> WithExtension(params string[] extensions) =>
        Files.Where(path => extensions.Contains(Path.GetExtension(path), StringComparer.Ordinal));

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>The last folder name of a project file: "src/Balsa.Raft/Balsa.Raft.csproj" is "Balsa.Raft".</summary>
    public static string NameOf(string projectPath) => Path.GetFileNameWithoutExtension(projectPath);

    private static string RelativePath(FileInfo file) => Path.GetRelativePath(Root, file.FullName).Replace('\\', '/');

    private static IEnumerable<FileInfo> Walk(DirectoryInfo folder)
    {
        foreach (var file in folder.EnumerateFiles())
        {
            yield return file;
        }

        foreach (var child in folder.EnumerateDirectories().Where(child => !NotOurs.Contains(child.Name, StringComparer.Ordinal)))
        {
            foreach (var file in Walk(child))
            {
                yield return file;
            }
        }
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Balsa.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests run outside of a Balsa working copy: no Balsa.slnx above them.");
    }
}
