using System.Text.Json;

namespace Perennial.CommandLine.Tests;

/// <summary>Runs a line of the command line in this process.</summary>
internal static class Line
{
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        await using var output = new StringWriter();
        await using var errors = new StringWriter();
        var exitCode = await Server.Commands.CommandLine.RunAsync(arguments, output, errors);
        return (exitCode, output.ToString(), errors.ToString());
    }

    /// <summary>What a line says that does what it should.</summary>
    public static async Task<string> DoneAsync(params string[] arguments)
    {
        var (exitCode, output, errors) = await RunAsync(arguments);
        Assert.True(exitCode == 0, $"perennial {string.Join(' ', arguments)}: {errors}");
        return output;
    }

    /// <summary>The one line of complaint of a line that is refused.</summary>
    public static async Task<string> RefusedAsync(params string[] arguments)
    {
        var (exitCode, output, errors) = await RunAsync(arguments);
        Assert.True(exitCode == 1, $"perennial {string.Join(' ', arguments)}: exit code {exitCode}, {output}");
        return Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    public static async Task<JsonElement> JsonAsync(params string[] arguments) =>
        JsonDocument.Parse(await DoneAsync([.. arguments, "-o", "json"])).RootElement;
}
