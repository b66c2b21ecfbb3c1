namespace Balsa.Hosting.Errors;

/// <summary>No answer to a query. Nothing was changed, so it may be sent again.</summary>
public sealed class QueryFailedException(string why) : Exception($"The query got no answer: {why}. It may be sent again.");
