namespace Balsa.KeyValue;

/// <summary>
/// The log holds something this build cannot apply. To skip it would make this member's state differ from the others', so
/// the node stops.
/// </summary>
public sealed class UnknownCommandException(string what)
    : Exception($"The log holds {what}. It was written by a newer version or is damaged. Start the build that wrote it.");
