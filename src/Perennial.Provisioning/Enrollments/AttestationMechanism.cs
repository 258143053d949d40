namespace Perennial.Provisioning.Enrollments;

/// <summary>How the devices of an enrollment prove themselves.</summary>
public abstract record AttestationMechanism
{
    private AttestationMechanism()
    {
    }

    /// <summary>The device presents exactly one of these leaves.</summary>
    public sealed record Leaves(CertificateSlots Slots) : AttestationMechanism;

    /// <summary>The device presents a leaf below one of these signing certificates.</summary>
    public sealed record Signers(CertificateSlots Slots) : AttestationMechanism;

    /// <summary>The certificates of either kind.</summary>
    public CertificateSlots Certificates => this switch
    {
        Leaves leaves => leaves.Slots,
        Signers signers => signers.Slots,
        _ => throw new InvalidOperationException($"Unknown attestation mechanism {GetType().Name}."),
    };

    /// <summary>The same mechanism with other certificates.</summary>
    public AttestationMechanism With(CertificateSlots slots) => this switch
    {
        Leaves => new Leaves(slots),
        Signers => new Signers(slots),
        _ => throw new InvalidOperationException($"Unknown attestation mechanism {GetType().Name}."),
    };
}
