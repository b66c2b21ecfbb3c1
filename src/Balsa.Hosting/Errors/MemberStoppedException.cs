namespace Balsa.Hosting.Errors;

/// <summary>The member was stopped, or had to stop.</summary>
public sealed class MemberStoppedException : Exception
{
    internal MemberStoppedException(string member, Exception? why)
        : base($"{member} has stopped{(why is null ? "" : $": {why.Message}")}. Ask another member, or start it again.", why)
    {
    }
}
