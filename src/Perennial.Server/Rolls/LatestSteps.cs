using System.Collections.Concurrent;
using Perennial.Rolling.Rolls;

namespace Perennial.Server.Rolls;

/// <summary>What was planned last for each roll that runs, to be shown. Rolls are found out about anew within a second of a start.</summary>
internal sealed class LatestSteps
{
    private readonly ConcurrentDictionary<string, RollStep> _steps = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="roll">The roll.</param>
    /// <param name="step">Its step; null when it does not run.</param>
    public void Note(string roll, RollStep? step)
    {
        if (step is null)
        {
            _steps.TryRemove(roll, out _);
        }
        else
        {
            _steps[roll] = step;
        }
    }

    /// <summary>For what a running roll waits; null when it does not wait, or does not run.</summary>
    public string? WaitOf(Roll roll) => roll.State == RollState.Running && _steps.GetValueOrDefault(roll.Id) is RollStep.Wait wait ? wait.For : null;
}
