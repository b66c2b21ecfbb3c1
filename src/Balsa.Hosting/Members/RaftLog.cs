using Microsoft.Extensions.Logging;

namespace Balsa.Hosting.Members;

/// <summary>What a member says to its operator.</summary>
internal static partial class RaftLog
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "{Member}: {Line}")]
    internal static partial void Line(ILogger logger, string member, string line);

    [LoggerMessage(EventId = 2, Level = LogLevel.Critical, Message = "{Member} cannot go on and stops")]
    internal static partial void Fatal(ILogger logger, string member, Exception problem);

    [LoggerMessage(EventId = 3, Level = LogLevel.Critical, Message = "{Member} has no state any more and does not serve")]
    internal static partial void ApplyFailed(ILogger logger, string member, Exception problem);

    [LoggerMessage(EventId = 4, Level = LogLevel.Error, Message = "{Service} threw an exception while it led and is started again")]
    internal static partial void LeaderServiceFailed(ILogger logger, string service, Exception problem);

    [LoggerMessage(EventId = 5, Level = LogLevel.Critical, Message = "{Member} has stopped, so the host ends with exit code 1")]
    internal static partial void HostEnds(ILogger logger, string member);
}
