using Microsoft.Extensions.Logging;

namespace Perennial.Server.Hosting;

/// <summary>Logs to standard error, one line an event: time, level, id, text.</summary>
internal sealed class StderrLog(TimeProvider time) : ILoggerProvider
{
    private readonly Lock _writing = new();
    private readonly TextWriter _writer = Console.Error;

    public ILogger CreateLogger(string categoryName) => new StderrLogger(this, categoryName);

    public void Dispose()
    {
    }

    public void Write(LogLevel level, EventId id, string category, string text, Exception? exception)
    {
        var fault = exception is null ? string.Empty : $" ({exception.GetType().Name}: {exception.Message})";
        var source = category.StartsWith("Perennial.", StringComparison.Ordinal) ? string.Empty : category + " ";
        var line = $"{time.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ} {Word(level)} {id.Id} {source}{text}{fault}".ReplaceLineEndings(" ");
        lock (_writing)
        {
            _writer.WriteLine(line);
        }
    }

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warning",
        LogLevel.Error => "error",
        _ => "critical",
    };
}
