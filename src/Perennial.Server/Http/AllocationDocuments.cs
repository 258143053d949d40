using Perennial.Protocol.Provisioning;
using Perennial.Protocol.Provisioning.Allocation;
using Perennial.Protocol.Provisioning.Enrollments;
using Perennial.Provisioning.Allocation;
using Perennial.Provisioning.Attestation;
using Perennial.Provisioning.Enrollments;

namespace Perennial.Server.Http;

/// <summary>What a custom allocation is asked, on the wire: of the enrollment's attestation the type alone (dps-protocol §6.3).</summary>
internal static class AllocationDocuments
{
    public static AllocationRequestDocument From(CustomAllocationQuestion question)
    {
        var verdict = question.Verdict;
        var enrollment = verdict.Enrollment;
        var attestation = new AttestationDocument { Type = AttestationForm.From(enrollment.Mechanism, withSecrets: false).Type };
        var isGroup = enrollment.Key.Kind == EnrollmentKind.Group;
        return new AllocationRequestDocument
        {
            EnrollmentGroup = isGroup ? EnrollmentGroupForm.From(enrollment, withSecrets: false) with { Attestation = attestation } : null,
            IndividualEnrollment = isGroup ? null : IndividualEnrollmentForm.From(enrollment, registration: null, withSecrets: false) with { Attestation = attestation },
            DeviceRuntimeContext = new DeviceRuntimeContextDocument
            {
                RegistrationId = verdict.RegistrationId.Value,
                CurrentIotHubHostName = question.CurrentHub,
                CurrentDeviceId = question.CurrentDeviceId,
                X509 = X509Of(verdict),
                Tpm = enrollment.Mechanism is AttestationMechanism.Tpm ? new TpmRegistrationResult() : null,
                SymmetricKey = enrollment.Mechanism is AttestationMechanism.SymmetricKeys
                    ? new SymmetricKeyRegistrationResult { EnrollmentGroupId = isGroup ? enrollment.Key.Id : null }
                    : null,
                Payload = question.Payload,
            },
            LinkedHubs = question.Eligible,
        };
    }

    private static X509RegistrationResult? X509Of(AttestationVerdict.Accepted verdict)
    {
        if (verdict.Proof.CertificateChain is not { } chain)
        {
            return null;
        }

        var isGroup = verdict.Enrollment.Key.Kind == EnrollmentKind.Group;
        return new X509RegistrationResult
        {
            EnrollmentGroupId = isGroup ? verdict.Enrollment.Key.Id : null,
            CertificateInfo = X509CertificateInfo.From(chain.Leaf),
            SigningCertificateInfo = isGroup && verdict.Anchor is AttestationAnchor.OfCertificate anchor ? X509CertificateInfo.From(anchor.Certificate) : null,
        };
    }
}
