using System.Globalization;
using Perennial.Server.Sandbox.Story;

namespace Perennial.Server.Sandbox.Display;

/// <summary>Tells the story in one line an act, for output that is no terminal.</summary>
internal static class PlainLines
{
    public static async Task TellAsync(StoryBoard board, TextWriter output, CancellationToken cancellationToken)
    {
        await foreach (var act in board.EndedAsync(cancellationToken))
        {
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"  {act.Number} {act.Title}: {act.Done} of {act.Total} in {act.Took.TotalSeconds:0.0} s; {act.Note}"));
        }
    }
}
