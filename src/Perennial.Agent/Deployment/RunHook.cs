using System.Diagnostics;
using System.Text;

namespace Perennial.Agent.Deployment;

/// <summary>Runs the deploy hook by <c>/bin/sh -c</c>: ended with all its children at the time limit, and only the first of its output kept.</summary>
internal sealed class RunHook(string command, TimeSpan limit, TimeProvider clock)
{
    public const int MaxOutput = 4096;

    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    public async Task<HookOutcome> ExecuteAsync(IReadOnlyDictionary<string, string> variables, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("/bin/sh")
        {
            ArgumentList = { "-c", command },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start) ?? throw new AgentException("The deploy hook could not be started; is /bin/sh there?");
        process.StandardInput.Close();
        var output = new StringBuilder();
        using var ended = new CancellationTokenSource();
        var reading = Task.WhenAll(
            KeepFirstAsync(process.StandardOutput, output, ended.Token),
            KeepFirstAsync(process.StandardError, output, ended.Token));
        var isInTime = await WaitAsync(process, cancellationToken);

        // A child in the background may hold the pipe open for ever.
        await Task.WhenAny(reading, Task.Delay(LastWords, clock, CancellationToken.None));
        await ended.CancelAsync();
        lock (output)
        {
            return new(isInTime ? process.ExitCode : null, output.ToString().Trim());
        }
    }

    private async Task<bool> WaitAsync(Process process, CancellationToken cancellationToken)
    {
        using var limited = new CancellationTokenSource(limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limited.Token, cancellationToken);
        try
        {
            await process.WaitForExitAsync(either.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            return false;
        }
    }

    private static async Task KeepFirstAsync(StreamReader reader, StringBuilder kept, CancellationToken cancellationToken)
    {
        var buffer = new char[1024];
        try
        {
            for (var read = await reader.ReadAsync(buffer, cancellationToken); read > 0; read = await reader.ReadAsync(buffer, cancellationToken))
            {
                lock (kept)
                {
                    kept.Append(buffer, 0, Math.Min(read, MaxOutput - kept.Length));
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The process has ended; whoever still holds its pipe is not waited for.
        }
    }
}
