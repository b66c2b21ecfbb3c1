using System.Reflection;
using System.Xml.Linq;
using Balsa.Solution.Tests.Rules;

namespace Balsa.Solution.Tests;

/// <summary>Projects: who references whom, what is pure, what is public, and that nothing is forgotten.</summary>
public sealed class ProjectTests
{
    [Fact]
    public void Projects_reference_only_what_the_table_allows() =>
        Check.Empty(Repository.Projects.SelectMany(path => Dependencies.Violations(Repository.NameOf(path), Repository.Read(path))));

    [Theory]
    [InlineData("Balsa.Raft", "<ProjectReference Include='../Balsa.KeyValue/Balsa.KeyValue.csproj' />", "references Balsa.KeyValue")]
    [InlineData("Balsa.Replica", @"<ProjectReference Include='..\Balsa.Storage\Balsa.Storage.csproj' />", "references Balsa.Storage")]
    [InlineData("Balsa.Storage", "<PackageReference Include='Spectre.Console' />", "uses the package Spectre.Console")]
    [InlineData("Balsa.Utilities", "", "not in the table")]
    public void A_wrong_reference_is_found(string project, string item, string problem) =>
        Assert.Contains(problem, Assert.Single(Dependencies.Violations(project, Xml(item))));

    [Fact]
    public void An_allowed_reference_is_not_flagged() =>
        Assert.Empty(Dependencies.Violations("Balsa.KeyValue", Xml("<ProjectReference Include='../Balsa.Raft/Balsa.Raft.csproj' />")));

    [Fact]
    public void Pure_projects_are_marked_as_pure()
    {
        var props = Repository.Read("Directory.Build.props");
        Check.Empty(Repository.Projects.SelectMany(path =>
            Dependencies.PurityViolations(Repository.NameOf(path), Repository.Read(path), props)));
    }

    [Fact]
    public void A_pure_project_without_the_mark_is_found()
    {
        var listed = "<Project><PropertyGroup Condition=\"'$(MSBuildProjectName)' == 'Balsa.Raft'\">"
            + "<BalsaPure>true</BalsaPure></PropertyGroup></Project>";

        Assert.Single(Dependencies.PurityViolations("Balsa.Raft", Xml(""), "<Project />"));
        Assert.Single(Dependencies.PurityViolations("Balsa.Raft", "<Project><BalsaPure>false</BalsaPure></Project>", listed));
        Assert.Single(Dependencies.PurityViolations("Balsa.KeyValue", Xml(""), listed));
        Assert.Empty(Dependencies.PurityViolations("Balsa.Raft", Xml(""), listed));
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var listed = XDocument.Parse(Repository.Read("Balsa.slnx")).Descendants("Project").Select(p => (string?)p.Attribute("Path"));
        var present = Repository.WithExtension(".csproj");

        Assert.Equal(present.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_project_has_a_readme_of_a_screen() =>
        Check.Empty(Repository.Projects.SelectMany(path => Readmes.Violations(ReadmeOf(path), TextOrNull(ReadmeOf(path)))));

    [Fact]
    public void A_missing_or_long_readme_is_found()
    {
        Assert.Single(Readmes.Violations("src/A/README.md", null));
        Assert.Single(Readmes.Violations("src/A/README.md", string.Concat(Enumerable.Repeat("line\n", Readmes.Lines + 1))));
        Assert.Empty(Readmes.Violations("src/A/README.md", "# A\n\nWhat it is.\n"));
    }

    [Fact]
    public void The_public_surface_changes_only_on_purpose()
    {
        var rewrite = Environment.GetEnvironmentVariable("BALSA_REWRITE") == "1";
        var problems = new List<string>();
        foreach (var path in Repository.Projects.Where(path => !IsProgram(path)))
        {
            var file = Path.Combine(Repository.Root, Path.GetDirectoryName(path)!, "PublicApi.txt");
            var surface = PublicSurface.Describe(Assembly.Load(Repository.NameOf(path)));
            if (rewrite)
            {
                File.WriteAllText(file, surface);
            }
            else if (Surfaces.Difference(Repository.NameOf(path), File.Exists(file) ? File.ReadAllText(file) : "", surface) is { } problem)
            {
                problems.Add(problem);
            }
        }

        Check.Empty(problems);
    }

    [Fact]
    public void Pure_assemblies_do_not_walk_hash_tables_or_lock() =>
        Check.Empty(new[] { "Balsa.Raft", "Balsa.KeyValue" }
            .Select(name => Path.Combine(AppContext.BaseDirectory, name + ".dll"))
            .Where(File.Exists)
            .SelectMany(HashOrder.Violations));

    [Fact]
    public void Walking_a_hash_table_or_locking_is_found()
    {
        // This assembly has the bad examples of HashOrderExamples.
        var found = string.Join('\n', HashOrder.Violations(typeof(ProjectTests).Assembly.Location));

        Assert.Contains("enumerates System.Collections.Generic.Dictionary`2", found);
        Assert.Contains("enumerates System.Collections.Generic.HashSet`1", found);
        Assert.Contains("KeyValuePair`2.get_Key", found);
        Assert.Contains("locks: System.Threading.Monitor", found);
    }

    private static string Xml(string item) => $"<Project Sdk='Microsoft.NET.Sdk'><ItemGroup>{item}</ItemGroup></Project>";

    private static string ReadmeOf(string projectPath) => projectPath[..projectPath.LastIndexOf('/')] + "/README.md";

    private static string? TextOrNull(string path) => Repository.Files.Contains(path) ? Repository.Read(path) : null;

    private static bool IsProgram(string path) =>
        XDocument.Parse(Repository.Read(path)).Descendants("OutputType").Any(type => type.Value == "Exe");
}
