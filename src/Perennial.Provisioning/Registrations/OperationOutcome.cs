using Perennial.Provisioning.Attestation;

namespace Perennial.Provisioning.Registrations;

/// <summary>What a device is told when it asks for a registration or an operation.</summary>
public abstract record OperationOutcome
{
    private OperationOutcome()
    {
    }

    public sealed record Found(Registration Registration) : OperationOutcome;

    /// <summary>The operation is under way.</summary>
    public sealed record Assigning : OperationOutcome;

    /// <summary>The device has none of that id, or comes with another leaf than the one that registered.</summary>
    public sealed record NotFound : OperationOutcome;

    /// <summary>No enrollment takes the device's token now.</summary>
    public sealed record Refused(AttestationVerdict.Refused Verdict) : OperationOutcome;
}
