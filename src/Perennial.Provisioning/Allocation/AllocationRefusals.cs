using Perennial.X509;

namespace Perennial.Provisioning.Allocation;

/// <summary>The refusals of allocation; each has a page <c>docs/refusals/{number}.md</c>.</summary>
public static class AllocationRefusals
{
    public static RefusalReason NoEligibleHub { get; } = new(
        4001,
        "no-eligible-hub",
        "None of the hubs that the enrollment names is linked to this service.",
        "Link the hub with --hub, or name a linked hub in the enrollment's iotHubs.");

    /// <summary>Every reason above.</summary>
    public static IReadOnlyList<RefusalReason> All { get; } = [NoEligibleHub];
}
