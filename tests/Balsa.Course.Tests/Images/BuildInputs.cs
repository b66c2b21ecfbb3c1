using System.Xml.Linq;

namespace Balsa.Course.Tests.Images;

/// <summary>What the build of a project reads: its folder, those of the projects that it needs, and files outside of them.</summary>
internal static class BuildInputs
{
    private static readonly string[] OfAll =
        ["global.json", "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", ".editorconfig"];

    internal static IReadOnlySet<string> Of(string project)
    {
        var (found, waiting) = (OfAll.ToHashSet(), new Queue<string>([project]));
        while (waiting.TryDequeue(out var next))
        {
            if (!found.Add(next)) continue;
            var folder = Path.GetDirectoryName(Path.Combine(CourseLists.Root, next))!;
            foreach (var element in XDocument.Load(Path.Combine(CourseLists.Root, next)).Descendants())
            {
                var include = element.Attribute("Include")?.Value ?? "";
                if (!include.StartsWith("../", StringComparison.Ordinal)) continue;
                var path = Path.GetRelativePath(CourseLists.Root, Path.GetFullPath(Path.Combine(folder, include))).Replace('\\', '/');
                if (element.Name.LocalName == "ProjectReference") waiting.Enqueue(path);
                else found.Add(path);
            }
        }

        return found;
    }
}
