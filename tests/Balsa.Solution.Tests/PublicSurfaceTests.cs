using Balsa.Solution.Tests.Rules;

namespace Balsa.Solution.Tests;

public sealed class PublicSurfaceTests
{
    [Fact]
    public void Members_are_written_as_one_reads_them_and_ordered_by_name()
    {
        var expected = """
            class Balsa.Solution.Tests.PublicSurfaceTests.Example<T> : IDisposable where T : struct
                bool? Try(in T value, out List<int> found, int limit = 3)
                const int Limit = 7
                int this[long at] { get; }
                new(string name)
                static T[] Many<S>(S one) where S : IDisposable
                string Name { get; init; }
                void Dispose()

            """;

        Assert.Equal(expected.ReplaceLineEndings("\n"), PublicSurface.Describe(typeof(Example<>)));
    }

    [Fact]
    public void The_values_of_an_enum_are_part_of_the_surface() =>
        Assert.Equal(
            "enum Balsa.Solution.Tests.PublicSurfaceTests.Colour : byte\n    Blue = 5\n    Red = 1\n",
            PublicSurface.Describe(typeof(Colour)));

    [Fact]
    public void A_difference_names_what_went_and_what_came()
    {
        var difference = Surfaces.Difference("Balsa.Raft", "class A\n    void M()\n", "class A\n    void N()\n");

        Assert.Contains("- void M()", difference);
        Assert.Contains("+ void N()", difference);
        Assert.Contains("BALSA_REWRITE=1", difference);
        Assert.Null(Surfaces.Difference("Balsa.Raft", "class A\n", "class A\n"));
    }

#pragma warning disable CA1000, CA1002, CA1008, CA1024, CA1028, CA1034, CA1043, CA1052 // Shapes to be described, not good ones.
#pragma warning disable CA1063, CA1711, CA1715, CA1801, CA1816, CA1819, IDE0060 // The same.
    public class Example<T>(string name) : IDisposable
        where T : struct
    {
        public const int Limit = 7;

        public string Name { get; init; } = name;

        public int this[long at] => (int)at;

        public static T[] Many<S>(S one)
            where S : IDisposable => [];

        public bool? Try(in T value, out List<int> found, int limit = 3)
        {
            found = [limit];
            return null;
        }

        public void Dispose()
        {
        }

        internal void Hidden()
        {
        }
    }

    public enum Colour : byte
    {
        Red = 1,
        Blue = 5,
    }
#pragma warning restore
}
