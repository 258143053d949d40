using Microsoft.Extensions.Logging;

namespace Perennial.Server.Logging;

/// <summary>One category of <see cref="TextLog"/>.</summary>
internal sealed class TextLogger(TextLog log, string category) : ILogger
{
    // Kestrel tells of every bad handshake; those are counted, not logged.
    private readonly LogLevel _least = category.StartsWith("Perennial.", StringComparison.Ordinal) ? LogLevel.Information : LogLevel.Error;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= _least && logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            log.Write(logLevel, eventId, category, formatter(state, exception), exception);
        }
    }
}
