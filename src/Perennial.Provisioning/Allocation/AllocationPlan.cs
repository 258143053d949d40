using Perennial.X509;

namespace Perennial.Provisioning.Allocation;

/// <summary>What is known of a device's hub before anyone else is asked.</summary>
public abstract record AllocationPlan
{
    private AllocationPlan()
    {
    }

    public sealed record Chosen(AllocatedDevice Device) : AllocationPlan;

    /// <summary>A custom allocation chooses among these.</summary>
    public sealed record Asked(IReadOnlyList<HubLink> Eligible) : AllocationPlan;

    public sealed record Failed(Refusal Refusal) : AllocationPlan;
}
