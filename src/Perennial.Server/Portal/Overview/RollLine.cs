using Perennial.Rolling.Rolls;

namespace Perennial.Server.Portal.Overview;

/// <summary>A roll that is not over.</summary>
/// <param name="Id">Its id.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Group">The group whose signing certificate is rolled; null for leaves.</param>
/// <param name="Wave">The wave that is under way; 0 is the canary.</param>
/// <param name="HaltReason">Why it was halted; null when it was not.</param>
public sealed record RollLine(string Id, RollState State, string? Group, int Wave, string? HaltReason)
{
    /// <summary>The color that its state is shown in.</summary>
    public string? Tone => State switch
    {
        RollState.Running => "info",
        RollState.Paused when HaltReason is not null => "bad",
        RollState.Paused => "warn",
        RollState.Rehearsed => "good",
        _ => null,
    };
}
