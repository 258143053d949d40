namespace Perennial.Agent.Logging;

/// <summary>One line an event: time, level, text, which a person can read. Holds no secret.</summary>
internal sealed class AgentLog(TextWriter writer, TimeProvider time)
{
    private readonly Lock _writing = new();

    public void Tell(string text) => Write("info", text);

    public void Warn(string text) => Write("warning", text);

    public void Fail(string text) => Write("error", text);

    private void Write(string level, string text)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ} {level} {Clean(text)}");
        lock (_writing)
        {
            writer.WriteLine(line);
            writer.Flush();
        }
    }

    // What a server said goes into a line; it must not make a second one.
    private static string Clean(string text) =>
        text.Any(char.IsControl) ? new string([.. text.Select(c => char.IsControl(c) ? ' ' : c)]) : text;
}
