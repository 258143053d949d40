using Perennial.Provisioning.Allocation;
using Perennial.Provisioning.Attestation;

namespace Perennial.Provisioning.Registrations;

/// <summary>What <see cref="PlanRegistration"/> found.</summary>
internal abstract record RegistrationPlan
{
    private RegistrationPlan()
    {
    }

    public sealed record Refused(AttestationVerdict.Refused Verdict) : RegistrationPlan;

    /// <param name="Verdict">An enrollment takes the device.</param>
    /// <param name="Existing">Its record, if any.</param>
    /// <param name="Allocation">Its hub, as far as it is known.</param>
    public sealed record Taken(AttestationVerdict.Accepted Verdict, Registration? Existing, AllocationPlan Allocation) : RegistrationPlan;
}
