namespace Perennial.Protocol.Provisioning;

/// <summary>What symmetric-key attestation found. Source: dps-protocol §1.7.</summary>
public sealed record SymmetricKeyRegistrationResult
{
    /// <summary>The enrollment group, for a device of a group.</summary>
    public string? EnrollmentGroupId { get; init; }
}
