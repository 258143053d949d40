using Perennial.Protocol.Provisioning;
using Perennial.Protocol.Provisioning.Enrollments;
using Perennial.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Server.Http;

/// <summary>The <c>attestation</c> of an enrollment: X.509 with client or signing certificates (dps-protocol §7.6).</summary>
internal static class AttestationForm
{
    /// <summary>Reads the two slots; which kind of certificate they hold says <paramref name="holdsSigners"/>.</summary>
    public static bool TryRead(
        AttestationDocument? document,
        out bool holdsSigners,
        [NotNullWhen(true)] out SlotDraft? primary,
        [NotNullWhen(true)] out SlotDraft? secondary,
        [NotNullWhen(false)] out string? fault)
    {
        holdsSigners = document?.X509?.SigningCertificates is not null;
        (primary, secondary) = (null, null);
        fault = KindFault(document);
        if (fault is not null)
        {
            return false;
        }

        var slots = document!.X509!.SigningCertificates ?? document.X509.ClientCertificates!;
        return TryReadSlot(slots.Primary, "primary", out primary, out fault) && TryReadSlot(slots.Secondary, "secondary", out secondary, out fault);
    }

    public static AttestationDocument From(AttestationMechanism mechanism)
    {
        var slots = new X509SlotsDocument
        {
            Primary = From(mechanism.Certificates.Primary),
            Secondary = From(mechanism.Certificates.Secondary),
        };
        return new AttestationDocument
        {
            Type = AttestationType.X509,
            X509 = mechanism is AttestationMechanism.Signers
                ? new X509AttestationDocument { SigningCertificates = slots }
                : new X509AttestationDocument { ClientCertificates = slots },
        };
    }

    private static string? KindFault(AttestationDocument? document)
    {
        if (document is not { X509: { } x509 } || document.Type is not (null or AttestationType.X509))
        {
            return "attestation: this version attests by X.509 only. Send type 'x509' with clientCertificates or signingCertificates.";
        }

        if (x509.CaReferences is { Primary: not null } or { Secondary: not null })
        {
            return "attestation.x509.caReferences: name no stored CA; send the CA certificate itself in signingCertificates.";
        }

        return (x509.ClientCertificates is null) == (x509.SigningCertificates is null)
            ? "attestation.x509: send exactly one of clientCertificates and signingCertificates."
            : null;
    }

    private static bool TryReadSlot(
        X509SlotDocument? document, string name, [NotNullWhen(true)] out SlotDraft? slot, [NotNullWhen(false)] out string? fault)
    {
        slot = null;
        fault = null;
        if (!string.IsNullOrWhiteSpace(document?.Certificate))
        {
            if (!Pem.TryReadCertificates(document.Certificate, out var certificates, out var refusal))
            {
                fault = $"The {name} certificate cannot be read. {refusal.Reason.Title} {refusal.Detail} {refusal.Reason.Remedy}";
                return false;
            }

            slot = new SlotDraft.Place(certificates[0]);
        }
        else if (document?.Info is { } info)
        {
            if (!Thumbprint.TryParse(info.Sha256Thumbprint, out var thumbprint))
            {
                fault = $"The {name} slot has neither a certificate nor a sha256Thumbprint of one that is stored.";
                return false;
            }

            slot = new SlotDraft.Keep(thumbprint);
        }
        else
        {
            slot = new SlotDraft.Empty();
        }

        return true;
    }

    private static X509SlotDocument? From(Certificate? certificate) =>
        certificate is null ? null : new X509SlotDocument { Info = X509CertificateInfo.From(certificate) };
}
