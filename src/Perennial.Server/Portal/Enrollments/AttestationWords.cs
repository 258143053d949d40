using Perennial.Provisioning.Enrollments;
using Perennial.Server.Fleet;

namespace Perennial.Server.Portal.Enrollments;

/// <summary>Ways of attesting, in words.</summary>
public static class AttestationWords
{
    /// <summary>The ways that a kind of enrollment knows.</summary>
    public static IReadOnlyList<EnrolledAttestation> For(EnrollmentKind kind) => kind == EnrollmentKind.Group
        ? [EnrolledAttestation.Certificate, EnrolledAttestation.Reference, EnrolledAttestation.SymmetricKey]
        : [EnrolledAttestation.Certificate, EnrolledAttestation.SymmetricKey, EnrolledAttestation.Tpm];

    public static string NameOf(EnrolledAttestation attestation) => attestation switch
    {
        EnrolledAttestation.Certificate => "X.509 certificates",
        EnrolledAttestation.Reference => "CA certificates by name",
        EnrolledAttestation.SymmetricKey => "Symmetric keys",
        _ => "TPM",
    };

    public static string NameOf(AttestationMechanism mechanism) => NameOf(mechanism switch
    {
        AttestationMechanism.X509 => EnrolledAttestation.Certificate,
        AttestationMechanism.CaReferences => EnrolledAttestation.Reference,
        AttestationMechanism.SymmetricKeys => EnrolledAttestation.SymmetricKey,
        _ => EnrolledAttestation.Tpm,
    });
}
