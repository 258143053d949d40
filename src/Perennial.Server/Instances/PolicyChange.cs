namespace Perennial.Server.Instances;

/// <summary>What became of a change to the policies.</summary>
internal abstract record PolicyChange
{
    private PolicyChange()
    {
    }

    public sealed record Saved(ServicePolicy Policy, bool IsNew = false) : PolicyChange;

    public sealed record Deleted : PolicyChange;

    /// <summary>No such hub, or no such policy.</summary>
    public sealed record NotFound : PolicyChange;

    /// <param name="Sentence">Which rule the change breaks, for the caller.</param>
    public sealed record Invalid(string Sentence) : PolicyChange;
}
