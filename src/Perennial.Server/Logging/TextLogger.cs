using Microsoft.Extensions.Logging;

namespace Perennial.Server.Logging;

/// <summary>One category of <see cref="TextLog"/>.</summary>
internal sealed class TextLogger(TextLog log, string category) : ILogger
{
    private readonly LogLevel _least = LeastOf(category);

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

    // Kestrel tells of every bad handshake: those are counted, not logged. What the host tells of a failed start, the command tells in a line.
    private static LogLevel LeastOf(string category) =>
        category.StartsWith("Perennial.", StringComparison.Ordinal) ? LogLevel.Information
        : category.StartsWith("Microsoft.Extensions.Hosting", StringComparison.Ordinal) ? LogLevel.None
        : LogLevel.Error;
}
