namespace Perennial.Agent.Deployment;

/// <summary>How a deploy hook ended.</summary>
/// <param name="ExitCode">Its exit code; null when the time limit ended it.</param>
/// <param name="Output">The first of what it wrote.</param>
internal sealed record HookOutcome(int? ExitCode, string Output)
{
    public bool IsSuccess => ExitCode == 0;

    public string Sentence
    {
        get
        {
            var end = ExitCode is { } code ? string.Create(CultureInfo.InvariantCulture, $"ended with {code}") : "was ended by its time limit";
            return Output.Length == 0 ? end : $"{end}: {Output}";
        }
    }
}
