using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Balsa.Server.Ports;

/// <summary>
/// What Kestrel writes about, of which only this matters: clients that break the rules of HTTP are counted, and faults of our
/// own are told to the operator. It offers no other way to hear of either.
/// </summary>
internal sealed class EngineLog(Action rulesBroken, Action<string> note) : ILoggerFactory
{
    private const string BadRequests = "Microsoft.AspNetCore.Server.Kestrel.BadRequests";
    private const string Http2 = "Microsoft.AspNetCore.Server.Kestrel.Http2";

    public ILogger CreateLogger(string categoryName) => categoryName switch
    {
        BadRequests => new Counter(["ConnectionBadRequest"], rulesBroken),
        Http2 => new Counter(["Http2ConnectionError", "HPackDecodingError"], rulesBroken),
        _ => new Faults(note),
    };

    public void AddProvider(ILoggerProvider provider)
    {
        // There is only this one.
    }

    public void Dispose()
    {
        // Nothing is held.
    }

    private sealed class Counter(string[] events, Action count) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => NullLogger.Instance.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (events.Contains(eventId.Name, StringComparer.Ordinal)) count();
        }
    }

    private sealed class Faults(Action<string> note) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => NullLogger.Instance.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) note($"error: the client port: {formatter(state, exception)} {exception}".TrimEnd());
        }
    }
}
