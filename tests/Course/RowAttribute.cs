using Xunit.v3;

namespace Balsa.Course;

/// <summary>
/// Says which rows of the courses' acceptance list a test shows, or which of their mistakes it guards against; the lists are in
/// tests/Balsa.Course.Tests/Data. <c>./test course</c> runs the tests that carry it and says which rows nobody shows.
/// </summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class, AllowMultiple = true)]
public sealed class RowAttribute(params string[] ids) : Attribute, ITraitAttribute
{
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() =>
        [KeyValuePair.Create("Course", "row"), .. ids.Select(id => KeyValuePair.Create("Row", id))];
}
