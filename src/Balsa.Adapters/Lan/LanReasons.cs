namespace Balsa.Adapters.Lan;

/// <summary>What a server knows of a request that it answers with a failure.</summary>
public static class LanReasons
{
    /// <summary>The get was carried out, and nothing is there.</summary>
    public const string NoSuchKey = "no such key";

    /// <summary>It has no effect and never will.</summary>
    public const string NotDone = "not done";

    /// <summary>It may have taken effect, or may yet.</summary>
    public const string Unknown = "outcome unknown";
}
