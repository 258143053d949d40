using System.Diagnostics;
using System.Globalization;
using Perennial.Bench.Servers;

namespace Perennial.Bench;

/// <summary><c>perennial-agent run</c>, connected to its hub.</summary>
internal sealed class BenchedAgent : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ChildServer _watched;

    private BenchedAgent(Process process)
    {
        _process = process;
        _watched = new(process);
    }

    public long Memory => _watched.Memory;

    public static async Task<BenchedAgent> StartAsync(string program, string configuration)
    {
        var process = Process.Start(new ProcessStartInfo(program, ["run", "--config", configuration]) { RedirectStandardOutput = true })!;
        var agent = new BenchedAgent(process);
        await agent.WaitForAsync("Connected to");
        return agent;
    }

    /// <summary>Rolls now.</summary>
    public async Task RollAsync()
    {
        using var reload = Process.Start("kill", ["-HUP", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await reload.WaitForExitAsync();
        await WaitForAsync("Rolled the certificate");
    }

    public ValueTask DisposeAsync() => _watched.DisposeAsync();

    private async Task WaitForAsync(string text)
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                await _watched.SettleAsync(TimeProvider.System);
                return;
            }
        }

        throw new InvalidOperationException($"The agent ended before it said '{text}'.");
    }
}
