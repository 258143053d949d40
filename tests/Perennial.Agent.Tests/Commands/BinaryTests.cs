namespace Perennial.Agent.Tests.Commands;

/// <summary>The native binary, which <c>./test</c> makes before these tests.</summary>
public sealed class BinaryTests
{
    private const long MaxBytes = 20 * 1000 * 1000;

    public static bool IsMade { get; } = AgentProcess.Native is not null;

    [Fact(SkipUnless = nameof(IsMade), Skip = "PERENNIAL_AGENT_BIN names no binary; ./test makes one")]
    public void It_is_one_file_below_twenty_megabytes()
    {
        var binary = new FileInfo(AgentProcess.Native!);
        Assert.InRange(binary.Length, 1, MaxBytes);
        Assert.Empty(binary.Directory!.EnumerateFiles("*.dll").Concat(binary.Directory.EnumerateFiles("*.so")));
        using var content = binary.OpenRead();
        var magic = new byte[4];
        content.ReadExactly(magic);
        Assert.Equal("\u007fELF"u8.ToArray(), magic);
    }

    [Fact(SkipUnless = nameof(IsMade), Skip = "PERENNIAL_AGENT_BIN names no binary; ./test makes one")]
    public async Task It_says_what_it_can_do()
    {
        var outcome = await AgentProcess.RunAsync("--help");
        Assert.Equal(0, outcome.ExitCode);
        foreach (var command in new[] { "run", "status", "renew-now", "rehearse", "install" })
        {
            Assert.Contains($"  {command} ", outcome.Output, StringComparison.Ordinal);
        }
    }
}
