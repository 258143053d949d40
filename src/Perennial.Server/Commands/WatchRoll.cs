using System.Text.Json.Nodes;
using Perennial.Server.Remote;

namespace Perennial.Server.Commands;

/// <summary>Tells how a roll goes on until it is over: on a terminal one line that changes, else a line for each change.</summary>
internal sealed class WatchRoll(ServiceConnection connection, TextWriter output, bool isTerminal, TimeProvider time)
{
    private static readonly TimeSpan Rhythm = TimeSpan.FromSeconds(1);

    // Goes back to the beginning of the line and clears it.
    private const string Again = "\r\u001b[2K";

    /// <returns>The exit code: 0 when it was completed.</returns>
    public async Task<int> RunAsync(string id, CancellationToken cancellationToken)
    {
        var told = (Line: string.Empty, Stands: string.Empty);
        while (true)
        {
            var roll = (await connection.Provisioning.DemandAsync(RestNoun.Roll.Get(id), cancellationToken)).Document;
            told = await TellAsync(roll, told);
            if ((string?)roll["state"] is "completed" or "aborted")
            {
                await output.WriteAsync(isTerminal ? Environment.NewLine : string.Empty);
                return (string?)roll["state"] == "completed" ? 0 : CommandLine.Failed;
            }

            await Task.Delay(Rhythm, time, cancellationToken);
        }
    }

    private async Task<(string Line, string Stands)> TellAsync(JsonObject roll, (string Line, string Stands) told)
    {
        var (line, stands) = (RollWords.Line(roll), $"{roll["state"]} {roll["wave"]}");
        if (isTerminal)
        {
            // What it was before the state or the wave changed stays in sight.
            var kept = told.Stands.Length > 0 && told.Stands != stands ? Environment.NewLine : string.Empty;
            await output.WriteAsync($"{kept}{Again}{Fit(line)}");
        }
        else if (line != told.Line)
        {
            await output.WriteLineAsync(line);
        }

        return (line, stands);
    }

    private static string Fit(string line) => Console.WindowWidth is > 1 and var width && line.Length >= width ? line[..(width - 1)] : line;
}
