using System.Diagnostics;

namespace Perennial.Server.Tests.Authorities;

/// <summary>The command <c>openssl</c>, as an outside judge.</summary>
internal static class OpenSsl
{
    /// <summary>Runs it; what it says on both streams, and whether it was content.</summary>
    public static async Task<(bool IsContent, string Output)> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("openssl", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var stop = TestContext.Current.CancellationToken;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(stop), process.StandardError.ReadToEndAsync(stop));
        await process.WaitForExitAsync(stop);
        return (process.ExitCode == 0, await output + await errors);
    }
}
