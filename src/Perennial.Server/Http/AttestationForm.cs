using Perennial.Protocol.Provisioning;
using Perennial.Protocol.Provisioning.Enrollments;
using Perennial.Provisioning;
using Perennial.Provisioning.Enrollments;
using Perennial.Provisioning.Tpm;
using Perennial.X509;

namespace Perennial.Server.Http;

/// <summary>The <c>attestation</c> of an enrollment: X.509 with client or signing certificates, symmetric keys, or a TPM (dps-protocol §7.6).</summary>
internal static class AttestationForm
{
    /// <summary>Reads the mechanism that a document asks for, or says in one sentence why not.</summary>
    public static bool TryRead(
        AttestationDocument? document, [NotNullWhen(true)] out MechanismDraft? mechanism, [NotNullWhen(false)] out string? fault)
    {
        switch (document?.Type ?? Guess(document))
        {
            case AttestationType.X509:
                return TryReadX509(document?.X509, out mechanism, out fault);
            case AttestationType.SymmetricKey:
                return TryReadKeys(document?.SymmetricKey, out mechanism, out fault);
            case AttestationType.Tpm:
                return TryReadTpm(document?.Tpm, out mechanism, out fault);
            default:
                mechanism = null;
                fault = "attestation: send type 'x509' with clientCertificates, signingCertificates or caReferences, type 'symmetricKey', or type 'tpm' with endorsementKey.";
                return false;
        }
    }

    /// <param name="mechanism">The mechanism.</param>
    /// <param name="withSecrets">Whether symmetric keys are shown.</param>
    /// <param name="withCertificates">Whether certificates are shown themselves, beside what they say.</param>
    public static AttestationDocument From(AttestationMechanism mechanism, bool withSecrets, bool withCertificates = false) => mechanism switch
    {
        AttestationMechanism.X509 { Slots: var slots } => new AttestationDocument
        {
            Type = AttestationType.X509,
            X509 = mechanism is AttestationMechanism.Signers
                ? new X509AttestationDocument { SigningCertificates = From(slots, withCertificates) }
                : new X509AttestationDocument { ClientCertificates = From(slots, withCertificates) },
        },
        AttestationMechanism.CaReferences references => new AttestationDocument
        {
            Type = AttestationType.X509,
            X509 = new X509AttestationDocument
            {
                CaReferences = new CaReferencesDocument { Primary = references.Primary?.Name, Secondary = references.Secondary?.Name },
            },
        },
        AttestationMechanism.SymmetricKeys { Slots: var keys } => new AttestationDocument
        {
            Type = AttestationType.SymmetricKey,
            SymmetricKey = withSecrets
                ? new SymmetricKeyAttestationDocument { PrimaryKey = keys.Primary.ToBase64(), SecondaryKey = keys.Secondary.ToBase64() }
                : null,
        },
        AttestationMechanism.Tpm tpm => new AttestationDocument
        {
            Type = AttestationType.Tpm,
            Tpm = new TpmKeys { EndorsementKey = tpm.EndorsementKey.ToBase64(), StorageRootKey = tpm.StorageRootKey?.ToBase64() },
        },
        _ => throw new InvalidOperationException($"Unknown attestation mechanism {mechanism.GetType().Name}."),
    };

    private static AttestationType? Guess(AttestationDocument? document) =>
        document?.X509 is not null ? AttestationType.X509
        : document?.SymmetricKey is not null ? AttestationType.SymmetricKey
        : document?.Tpm is not null ? AttestationType.Tpm
        : null;

    private static bool TryReadTpm(
        TpmKeys? document, [NotNullWhen(true)] out MechanismDraft? mechanism, [NotNullWhen(false)] out string? fault)
    {
        mechanism = null;
        TpmPublic? storage = null;
        fault = !TpmPublic.TryParse(document?.EndorsementKey, out var endorsement) ? Fault("endorsementKey")
            : !string.IsNullOrEmpty(document?.StorageRootKey) && !TpmPublic.TryParse(document.StorageRootKey, out storage) ? Fault("storageRootKey")
            : null;
        mechanism = fault is null ? new MechanismDraft.Tpm(endorsement!, storage) : null;
        return mechanism is not null;

        static string Fault(string name) =>
            $"attestation.tpm.{name}: send TPM2B_PUBLIC in base64, of an RSA 2048 or NIST P-256 storage key with SHA-256 and AES-128 CFB.";
    }

    private static bool TryReadKeys(
        SymmetricKeyAttestationDocument? document, [NotNullWhen(true)] out MechanismDraft? mechanism, [NotNullWhen(false)] out string? fault)
    {
        mechanism = null;
        if (!TryReadKey(document?.PrimaryKey, "primaryKey", out var primary, out fault)
            || !TryReadKey(document?.SecondaryKey, "secondaryKey", out var secondary, out fault))
        {
            return false;
        }

        mechanism = new MechanismDraft.SymmetricKeys(primary, secondary);
        return true;
    }

    private static bool TryReadKey(string? text, string name, out SymmetricKey? key, [NotNullWhen(false)] out string? fault)
    {
        key = null;
        fault = string.IsNullOrEmpty(text) || SymmetricKey.TryParse(text, out key)
            ? null
            : $"attestation.symmetricKey.{name}: send base64 of {SymmetricKey.MinLength} to {SymmetricKey.MaxLength} bytes, or leave it out.";
        return fault is null;
    }

    private static bool TryReadX509(
        X509AttestationDocument? document, [NotNullWhen(true)] out MechanismDraft? mechanism, [NotNullWhen(false)] out string? fault)
    {
        mechanism = null;
        fault = KindFault(document);
        if (fault is not null)
        {
            return false;
        }

        if (NamesOf(document) is { } names)
        {
            mechanism = names;
            return true;
        }

        var slots = document!.SigningCertificates ?? document.ClientCertificates!;
        if (!TryReadSlot(slots.Primary, "primary", out var primary, out fault)
            || !TryReadSlot(slots.Secondary, "secondary", out var secondary, out fault))
        {
            return false;
        }

        mechanism = new MechanismDraft.X509(document.SigningCertificates is not null, primary, secondary);
        return true;
    }

    private static string? KindFault(X509AttestationDocument? document)
    {
        var kinds = new[] { document?.ClientCertificates is not null, document?.SigningCertificates is not null, NamesOf(document) is not null };
        return kinds.Count(isSent => isSent) == 1
            ? null
            : "attestation.x509: send exactly one of clientCertificates, signingCertificates and caReferences.";
    }

    // References that name nothing are none: some clients send every member.
    private static MechanismDraft.CaReferences? NamesOf(X509AttestationDocument? document)
    {
        var names = new MechanismDraft.CaReferences(
            string.IsNullOrEmpty(document?.CaReferences?.Primary) ? null : document.CaReferences.Primary,
            string.IsNullOrEmpty(document?.CaReferences?.Secondary) ? null : document.CaReferences.Secondary);
        return names.Names.Any() ? names : null;
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

    private static X509SlotsDocument From(CertificateSlots slots, bool withCertificates) =>
        new() { Primary = From(slots.Primary, withCertificates), Secondary = From(slots.Secondary, withCertificates) };

    private static X509SlotDocument? From(Certificate? certificate, bool withCertificates) => certificate is null
        ? null
        : new X509SlotDocument { Certificate = withCertificates ? Pem.Write(certificate) : null, Info = X509CertificateInfo.From(certificate) };
}
