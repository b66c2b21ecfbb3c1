namespace Balsa.Hosting.Errors;

/// <summary>A member cannot be set up so. The message says each thing that is wrong, why, and what to write instead.</summary>
public sealed class ImpossibleSettingsException(string problems, Exception? inner = null) : Exception(problems, inner);
