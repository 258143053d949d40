using Perennial.Provisioning.Attestation;

namespace Perennial.Provisioning.Allocation;

/// <summary>An attested device and the hub it goes to. Only <see cref="HubAllocation"/> makes one.</summary>
public sealed class AllocatedDevice
{
    internal AllocatedDevice(AttestationVerdict.Accepted verdict, ILinkedHub hub)
    {
        Verdict = verdict;
        Hub = hub;
    }

    public AttestationVerdict.Accepted Verdict { get; }

    public ILinkedHub Hub { get; }

    /// <summary>The answer of the custom allocation that chose the hub; null when none did.</summary>
    public CustomAllocationAnswer.Chosen? Custom { get; init; }
}
