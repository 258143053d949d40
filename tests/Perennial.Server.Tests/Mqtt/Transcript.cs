namespace Perennial.Server.Tests.Mqtt;

/// <summary>
/// A conversation on file: '&gt;' is what the device sends, '&lt;' what it must be answered, in hexadecimal, each with a readable line
/// below. Id scope, GUIDs and ETags stand as zeros.
/// </summary>
internal sealed record Transcript(string Path, IReadOnlyDictionary<string, string> Settings, IReadOnlyList<TranscriptStep> Steps, string[] Lines)
{
    public static string Folder => System.IO.Path.Combine(AppContext.BaseDirectory, "ProvisioningTranscripts");

    public static Transcript Read(string path)
    {
        var lines = File.ReadAllLines(path);
        var settings = lines.Where(line => line.StartsWith("= ", StringComparison.Ordinal)).Select(line => line[2..].Split(": ", 2))
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        var steps = lines.Select((line, number) => (line, number))
            .Where(at => at.line.StartsWith("> ", StringComparison.Ordinal) || at.line.StartsWith("< ", StringComparison.Ordinal))
            .Select(at => new TranscriptStep(at.line[0] == '>', at.line[2..], at.number + 1))
            .ToList();
        return new Transcript(path, settings, steps, lines);
    }
}
