using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Perennial.Server.Tests.Commands;

/// <summary>The real executable as a process of its own.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task<string> _errors;

    private ServerProcess(Process process)
    {
        _process = process;
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.BeginOutputReadLine();
        _errors = _process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    public string Output => _output.ToString();

    public bool HasExited => _process.HasExited;

    /// <summary>Starts it.</summary>
    /// <param name="openFiles">The limit of open files, or null for the one of this process.</param>
    /// <param name="arguments">Its command line.</param>
    public static ServerProcess Start(int? openFiles, params string[] arguments) => Start(openFiles, new Dictionary<string, string>(), arguments);

    /// <summary>Starts it with these variables in its environment.</summary>
    public static ServerProcess StartWith(IReadOnlyDictionary<string, string> environment, params string[] arguments) => Start(null, environment, arguments);

    private static ServerProcess Start(int? openFiles, IReadOnlyDictionary<string, string> environment, string[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "perennial.dll");
        var start = new ProcessStartInfo("bash") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add($"{(openFiles is { } limit ? $"ulimit -n {limit}; " : string.Empty)}exec dotnet \"$@\"");
        start.ArgumentList.Add("bash");
        start.ArgumentList.Add(program);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new ServerProcess(Process.Start(start)!);
    }

    /// <summary>Runs it to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        await using var process = Start(null, arguments);
        await process._process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
        return (process._process.ExitCode, process.Output, await process._errors);
    }

    /// <summary>What <c>perennial info --json</c> says of a folder.</summary>
    public static async Task<JsonElement> DescribeAsync(string dataFolder)
    {
        var (exitCode, output, errors) = await RunAsync("info", "--data", dataFolder, "--json");
        Assert.True(exitCode == 0, errors);
        return JsonDocument.Parse(output).RootElement;
    }

    public async Task WaitUntilReadyAsync()
    {
        var ended = _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        var first = await Task.WhenAny(_ready.Task, ended).WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.True(first == _ready.Task, _process.HasExited ? await _errors : "not ready");
    }

    /// <summary>Sends SIGTERM.</summary>
    /// <returns>The exit code and how long the end took.</returns>
    public async Task<(int ExitCode, TimeSpan Took)> TerminateAsync()
    {
        var watch = Stopwatch.StartNew();
        Assert.Equal(0, Kill(_process.Id, 15));
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
        return (_process.ExitCode, watch.Elapsed);
    }

    /// <summary>Sends SIGSTOP; returns once no thread of it can say anything any more.</summary>
    public async Task FreezeAsync()
    {
        Assert.Equal(0, Kill(_process.Id, 19));
        while (Directory.EnumerateDirectories($"/proc/{_process.Id}/task").Any(IsRunning))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    // A thread that waits in the kernel stops before it returns from there.
    private static bool IsRunning(string thread)
    {
        try
        {
            var state = File.ReadAllText(Path.Combine(thread, "stat")).Split(") ")[^1][0];
            return state is not ('T' or 't' or 'D');
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Sends SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private void Note(string? line)
    {
        if (line is null)
        {
            return;
        }

        _output.AppendLine(line);
        if (line.StartsWith("Ready", StringComparison.Ordinal))
        {
            _ready.TrySetResult();
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
