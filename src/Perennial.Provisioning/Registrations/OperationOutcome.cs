using Perennial.Provisioning.Attestation;
using Perennial.Provisioning.Enrollments;

namespace Perennial.Provisioning.Registrations;

/// <summary>What a device is told when it asks for a registration or an operation.</summary>
public abstract record OperationOutcome
{
    private OperationOutcome()
    {
    }

    /// <param name="Registration">The record.</param>
    /// <param name="Issued">The leaf that the device was issued by the operation; null when none was.</param>
    public sealed record Found(Registration Registration, IssuedLeaf? Issued) : OperationOutcome;

    /// <summary>The operation is under way.</summary>
    public sealed record Assigning : OperationOutcome;

    /// <summary>The device has none of that id, or comes with another leaf than the one that registered.</summary>
    public sealed record NotFound : OperationOutcome;

    /// <summary>No enrollment takes the device's token now.</summary>
    public sealed record Refused(AttestationVerdict.Refused Verdict) : OperationOutcome;
}
