using System.Diagnostics;
using System.Globalization;

namespace Perennial.TestPostgres;

/// <summary>
/// A throw-away PostgreSQL of the machine's own binaries in a folder of its own, reached through a socket in it. It runs as the user
/// <c>postgres</c> where the tests run as root, and ends with the process that started it.
/// </summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    private const string User = "postgres";

    // Sorts words as people do, so that whatever relies on the order of bytes without saying so fails.
    private const string Language = "--encoding=UTF8 --locale=C.UTF-8 --locale-provider=icu --icu-locale=en-US";

    private readonly string _binaries;
    private readonly DirectoryInfo _folder;
    private readonly Process _watch;

    private PostgresCluster(string binaries, DirectoryInfo folder, Process watch)
    {
        _binaries = binaries;
        _folder = folder;
        _watch = watch;
    }

    private string Cluster => Path.Combine(_folder.FullName, "cluster");

    /// <summary>Makes and starts a cluster.</summary>
    /// <param name="isDurable">Whether a commit is on disk when it returns; without it, many small databases are quick.</param>
    public static async Task<PostgresCluster> StartAsync(bool isDurable)
    {
        var binaries = Binaries();
        var folder = Directory.CreateTempSubdirectory("perennial-pg-");
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("chown", $"{User} {folder.FullName}");
        }

        var cluster = Path.Combine(folder.FullName, "cluster");
        await RunAsUserAsync(
            Path.Combine(binaries, "initdb"), $"-D {cluster} -U {User} -A trust {Language} {(isDurable ? string.Empty : "--no-sync")}");
        await File.AppendAllTextAsync(Path.Combine(cluster, "postgresql.conf"), Settings(folder.FullName, isDurable));
        var started = new PostgresCluster(binaries, folder, Watch(binaries, cluster));
        await started.StartAsync();
        return started;
    }

    /// <summary>Npgsql's words for a database of this cluster.</summary>
    public string ConnectionString(string database) => $"Host={_folder.FullName};Username={User};Database={database}";

    /// <summary>Starts what was stopped; returns once it answers.</summary>
    public Task StartAsync() => ControlAsync($"start -w -l {Path.Combine(_folder.FullName, "log")}");

    /// <param name="mode"><c>fast</c> or <c>immediate</c>, which is a crash.</param>
    public Task StopAsync(string mode) => ControlAsync($"stop -w -m {mode}");

    /// <param name="mode"><c>fast</c> or <c>immediate</c>, which is a crash.</param>
    public Task RestartAsync(string mode) => ControlAsync($"restart -w -m {mode} -l {Path.Combine(_folder.FullName, "log")}");

    /// <summary>Kills every process of the cluster at once, as a machine that stops does.</summary>
    public async Task KillAsync()
    {
        foreach (var process in await SignalAsync("KILL"))
        {
            await WaitForDeathAsync(process);
        }

        // A dead process counts as a running server until its parent has taken note of its end, which may take a while.
        File.Delete(Path.Combine(Cluster, "postmaster.pid"));
        File.Delete(Path.Combine(_folder.FullName, ".s.PGSQL.5432.lock"));
    }

    /// <summary>Stops every process of the cluster where it is: it accepts connections and answers nothing.</summary>
    public Task FreezeAsync() => SignalAsync("STOP");

    /// <summary>Lets the processes go on.</summary>
    public Task ThawAsync() => SignalAsync("CONT");

    /// <summary>Runs SQL through psql and returns what it prints, without decoration.</summary>
    public Task<string> QueryAsync(string database, string sql) =>
        RunAsync(Path.Combine(_binaries, "psql"), $"-h {_folder.FullName} -U {User} -d {database} -X -q -A -t -v ON_ERROR_STOP=1", sql);

    public async ValueTask DisposeAsync()
    {
        _watch.StandardInput.Close();
        await _watch.WaitForExitAsync();
        _watch.Dispose();
        _folder.Delete(recursive: true);
    }

    private static string Settings(string folder, bool isDurable) => string.Create(
        CultureInfo.InvariantCulture,
        $"""

        listen_addresses = ''
        unix_socket_directories = '{folder}'
        max_connections = 300
        shared_buffers = 64MB
        fsync = {(isDurable ? "on" : "off")}
        synchronous_commit = {(isDurable ? "on" : "off")}
        full_page_writes = {(isDurable ? "on" : "off")}

        """);

    // Its standard input ends with this process, whatever ends it.
    private static Process Watch(string binaries, string cluster)
    {
        var control = Path.Combine(binaries, "pg_ctl");
        var start = AsUser("sh", string.Empty);
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(
            $"cat >/dev/null; kill -CONT $(head -n 1 {cluster}/postmaster.pid 2>/dev/null) 2>/dev/null; {control} stop -s -w -m immediate -D {cluster} >/dev/null 2>&1");
        start.RedirectStandardInput = true;
        return Process.Start(start)!;
    }

    private static string Binaries()
    {
        var found = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql")
                .OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var version) ? version : 0)
                .Select(folder => Path.Combine(folder, "bin"))
                .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")))
            : null;
        return found ?? throw new InvalidOperationException("PostgreSQL is not installed. Install it with: eng/apt.sh postgresql");
    }

    private Task ControlAsync(string arguments) => RunAsUserAsync(Path.Combine(_binaries, "pg_ctl"), $"-D {Cluster} -s {arguments}");

    private async Task<string[]> SignalAsync(string signal)
    {
        var postmaster = (await File.ReadAllLinesAsync(Path.Combine(Cluster, "postmaster.pid")))[0];
        var children = (await RunAsync("pgrep", $"-P {postmaster}")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] all = [postmaster, .. children];
        await RunAsync("kill", $"-{signal} {string.Join(' ', all)}");
        return all;
    }

    private static async Task WaitForDeathAsync(string process)
    {
        while (IsAlive($"/proc/{process}/stat"))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }

    private static bool IsAlive(string stat)
    {
        try
        {
            return !File.ReadAllText(stat).Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static Task<string> RunAsync(string program, string arguments, string? input = null) =>
        RunAsync(new ProcessStartInfo(program, arguments), input);

    private static Task<string> RunAsUserAsync(string program, string arguments) => RunAsync(AsUser(program, arguments), input: null);

    private static ProcessStartInfo AsUser(string program, string arguments)
    {
        var start = new ProcessStartInfo(program) { WorkingDirectory = "/" };
        if (Environment.IsPrivilegedProcess)
        {
            start.FileName = "setpriv";
            foreach (var word in new[] { $"--reuid={User}", $"--regid={User}", "--clear-groups", program })
            {
                start.ArgumentList.Add(word);
            }
        }

        foreach (var word in arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            start.ArgumentList.Add(word);
        }

        return start;
    }

    // A server that pg_ctl starts inherits its output, so that is not waited for.
    private static async Task<string> RunAsync(ProcessStartInfo start, string? input)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        var (output, errors) = (new StringWriter(CultureInfo.InvariantCulture), new StringWriter(CultureInfo.InvariantCulture));
        process.OutputDataReceived += (_, line) => Write(output, line.Data);
        process.ErrorDataReceived += (_, line) => Write(errors, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (input is not null)
        {
            await process.StandardInput.WriteAsync(input);
        }

        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output.ToString() : throw new InvalidOperationException($"{start.FileName}: {errors}");
    }

    private static void Write(StringWriter to, string? line)
    {
        if (line is not null)
        {
            to.WriteLine(line);
        }
    }
}
