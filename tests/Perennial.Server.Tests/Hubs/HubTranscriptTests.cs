namespace Perennial.Server.Tests.Hubs;

public sealed class HubTranscriptTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Transcripts");

    public static TheoryData<string> Names => [.. Directory.EnumerateFiles(Folder, "*.txt").Select(path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal)];

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Names))]
    public async Task The_hub_keeps_to_the_transcript(string name)
    {
        await using var hub = await TestHub.OpenAsync();
        await new Transcript(hub).PlayAsync(await File.ReadAllLinesAsync(Path.Combine(Folder, $"{name}.txt"), TestContext.Current.CancellationToken));
    }
}
