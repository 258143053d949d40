using System.Diagnostics;
using System.Globalization;

namespace Perennial.Bench.Servers;

/// <summary>A server in a process of its own, whose CPU time is read from outside.</summary>
internal sealed class ChildServer : IAsyncDisposable
{
    // Ticks of /proc/PID/stat; 100 a second on every Linux that .NET runs on.
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(150);

    private readonly Process _process;

    public ChildServer(Process process) => _process = process;

    /// <summary>Ends as SIGKILL does; returns once it is gone.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>User and system time of all threads so far.</summary>
    public TimeSpan Cpu
    {
        get
        {
            var text = File.ReadAllText($"/proc/{_process.Id}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) * Tick;
        }
    }

    /// <summary>Resident memory, in bytes.</summary>
    public long Memory
    {
        get
        {
            var line = File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
            return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
        }
    }

    /// <summary>Starts a managed program that lies beside this one, and waits for the line that says it is ready.</summary>
    public static async Task<(ChildServer Server, string Line)> StartAsync(string program, string ready, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, program), .. arguments])
        {
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(ready, StringComparison.Ordinal))
            {
                // A server whose words nobody reads stops at the next one when the pipe is full.
                _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
                return (new ChildServer(process), line);
            }
        }

        throw new InvalidOperationException($"{program} ended before it was ready.");
    }

    /// <summary>Returns once the server has nothing left to do of what came before.</summary>
    public async Task SettleAsync(TimeProvider time)
    {
        for (var before = TimeSpan.MinValue; before != Cpu;)
        {
            before = Cpu;
            await Task.Delay(Quiet, time, CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }
}
