using System.Globalization;
using Perennial.Server.Sandbox.Fleet;
using Perennial.Server.Sandbox.Story;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Perennial.Server.Sandbox.Display;

/// <summary>Shows the story as it happens, on a terminal.</summary>
internal static class LiveTable
{
    private static readonly TimeSpan Rhythm = TimeSpan.FromMilliseconds(200);

    /// <summary>Draws until the story ends, however it ends.</summary>
    public static Task TellAsync(IAnsiConsole console, StoryBoard board, SandboxFleet fleet, Task story) =>
        console.Live(Draw(board, fleet)).StartAsync(async live =>
        {
            var time = fleet.Surroundings.Time;
            while (!story.IsCompleted)
            {
                await Task.WhenAny(story, Task.Delay(Rhythm, time, CancellationToken.None));
                live.UpdateTarget(Draw(board, fleet));
            }
        });

    private static Rows Draw(StoryBoard board, SandboxFleet fleet)
    {
        var table = new Table().Border(TableBorder.None).HideHeaders().AddColumns("", "", "", "", "");
        foreach (var act in board.Acts)
        {
            table.AddRow(Cells(act));
        }

        var counts = string.Create(
            CultureInfo.InvariantCulture,
            $"  connected {fleet.Connected} of {fleet.All.Count}   sent {fleet.Sent}   acknowledged {fleet.Acknowledged}   refusals {fleet.Surroundings.Refusals.Total}");
        return new Rows(table, new Text(string.Empty), new Text(counts));
    }

    private static IRenderable[] Cells(StoryAct act)
    {
        var style = act.State switch
        {
            ActState.Running => new Style(Color.Yellow),
            ActState.Ended when act.Done < act.Total => new Style(Color.Red),
            ActState.Ended => new Style(Color.Green),
            _ => new Style(Color.Grey),
        };
        var waits = act.State == ActState.Waiting;
        return
        [
            new Text($"{act.Number}", style),
            new Text(act.Title, style),
            new Text(waits ? string.Empty : $"{act.Done}/{act.Total}").RightJustified(),
            new Text(waits ? string.Empty : string.Create(CultureInfo.InvariantCulture, $"{act.Took.TotalSeconds:0.0} s")).RightJustified(),
            new Text(act.Note),
        ];
    }
}
