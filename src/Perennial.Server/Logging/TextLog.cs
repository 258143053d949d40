using Microsoft.Extensions.Logging;

namespace Perennial.Server.Logging;

/// <summary>Logs to a writer, one line an event: time, level, id, text.</summary>
internal sealed class TextLog(TextWriter writer, TimeProvider time) : ILoggerProvider
{
    private readonly Lock _writing = new();

    public ILogger CreateLogger(string categoryName) => new TextLogger(this, categoryName);

    public void Dispose()
    {
    }

    public void Write(LogLevel level, EventId id, string category, string text, Exception? exception)
    {
        var fault = exception is null ? string.Empty : $" ({exception.GetType().Name}: {exception.Message})";
        var source = category.StartsWith("Perennial.", StringComparison.Ordinal) ? string.Empty : category + " ";
        var line = $"{time.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ} {Word(level)} {id.Id} {source}{text}{fault}";
        line = string.Create(line.Length, line, static (clean, text) =>
        {
            for (var i = 0; i < text.Length; i++)
            {
                clean[i] = char.IsControl(text[i]) ? ' ' : text[i];
            }
        });
        lock (_writing)
        {
            writer.WriteLine(line);
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
