using System.Diagnostics;

namespace Perennial.Server.Tests.Est;

/// <summary>Scripts of a device that has nothing but a shell, in a folder that goes with the test.</summary>
internal sealed class Shell : IDisposable
{
    public DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("perennial-est-");

    /// <summary>Runs a script to its end; what it wrote.</summary>
    public async Task<string> RunAsync(string script)
    {
        var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", script])
        {
            WorkingDirectory = Folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{script}\n{await output}\n{await errors}");
        return (await output).Trim();
    }

    public void Write(string name, string text) => File.WriteAllText(Path.Combine(Folder.FullName, name), text);

    public void Dispose() => Folder.Delete(recursive: true);
}
