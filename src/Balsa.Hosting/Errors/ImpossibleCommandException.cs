namespace Balsa.Hosting.Errors;

/// <summary>A command that could not be put into the log by anybody. It certainly did not run.</summary>
public sealed class ImpossibleCommandException(string what) : Exception(what);
