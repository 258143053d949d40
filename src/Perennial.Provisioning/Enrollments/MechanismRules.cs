using Perennial.X509;

namespace Perennial.Provisioning.Enrollments;

/// <summary>The rules that the attestation mechanism of an enrollment keeps. Pure but for fresh keys.</summary>
internal static class MechanismRules
{
    /// <summary>Makes the mechanism that the draft asks for, or says in one sentence what is wrong with it.</summary>
    /// <param name="draft">What is asked for.</param>
    /// <param name="stored">What stands there now, or null.</param>
    /// <param name="references">The CA certificates that the draft names, as they are now.</param>
    /// <param name="mechanism">What was asked for, sound.</param>
    /// <param name="fault">The first thing that is wrong.</param>
    public static bool TryApply(
        EnrollmentDraft draft,
        Enrollment? stored,
        IReadOnlyList<CaReference> references,
        [NotNullWhen(true)] out AttestationMechanism? mechanism,
        [NotNullWhen(false)] out string? fault)
    {
        switch (draft.Mechanism)
        {
            case MechanismDraft.X509 x509:
                return TryApply(draft.Key, x509, stored, out mechanism, out fault);
            case MechanismDraft.CaReferences names:
                fault = ReferencesFault(draft.Key, names, stored?.Mechanism as AttestationMechanism.CaReferences, references);
                mechanism = fault is null ? new AttestationMechanism.CaReferences(Find(names.Primary, references), Find(names.Secondary, references)) : null;
                return mechanism is not null;
            case MechanismDraft.SymmetricKeys keys:
                (mechanism, fault) = (new AttestationMechanism.SymmetricKeys(Fill(keys, stored)), null);
                return true;
            case MechanismDraft.Tpm tpm:
                fault = draft.Key.Kind == EnrollmentKind.Group
                    ? $"The {draft.Key} cannot attest by TPM, since each TPM has an endorsement key of its own. Create an individual enrollment for each device."
                    : null;
                mechanism = fault is null ? new AttestationMechanism.Tpm(tpm.EndorsementKey, tpm.StorageRootKey) : null;
                return mechanism is not null;
            default:
                throw new InvalidOperationException($"Unknown mechanism draft {draft.Mechanism.GetType().Name}.");
        }
    }

    private static CaReference? Find(string? name, IReadOnlyList<CaReference> references) =>
        name is null ? null : references.First(reference => reference.HasName(name));

    // A name that stands there already may stay when its certificate is gone: the rest of the enrollment can still be changed.
    private static string? ReferencesFault(
        EnrollmentKey key, MechanismDraft.CaReferences names, AttestationMechanism.CaReferences? held, IReadOnlyList<CaReference> references)
    {
        if (key.Kind != EnrollmentKind.Group)
        {
            return $"The {key} cannot refer to CA certificates by name; a group can. Give the device's certificate in clientCertificates.";
        }

        if (!names.Names.Any())
        {
            return $"The {key} would refer to no CA certificate. Name the primary or the secondary one; to stop the enrollment, disable it.";
        }

        if (string.Equals(names.Primary, names.Secondary, StringComparison.OrdinalIgnoreCase))
        {
            return $"Both slots of the {key} refer to the CA certificate '{names.Primary}'. Leave one slot empty until there is another one.";
        }

        var absent = references.FirstOrDefault(
            reference => reference.Certificate is null && held?.Filled().Any(filled => filled.Reference.HasName(reference.Name)) is not true);
        return absent switch
        {
            null => null,
            { Stored: null } => $"The {key} refers to the CA certificate '{absent.Name}', which the service does not hold. Upload and verify it under this name first.",
            _ => $"The {key} refers to the CA certificate '{absent.Name}', which is not verified. Prove possession of its key first: generate a "
                + "verification code, and verify with a certificate that its key signed.",
        };
    }

    private static KeySlots Fill(MechanismDraft.SymmetricKeys keys, Enrollment? stored)
    {
        var held = (stored?.Mechanism as AttestationMechanism.SymmetricKeys)?.Slots;
        return new KeySlots(keys.Primary ?? held?.Primary ?? SymmetricKey.Mint(), keys.Secondary ?? held?.Secondary ?? SymmetricKey.Mint());
    }

    private static bool TryApply(
        EnrollmentKey key,
        MechanismDraft.X509 draft,
        Enrollment? stored,
        [NotNullWhen(true)] out AttestationMechanism? mechanism,
        [NotNullWhen(false)] out string? fault)
    {
        mechanism = null;
        if (!TryFill(key, Slot.Primary, draft.Primary, stored, out var primary, out fault)
            || !TryFill(key, Slot.Secondary, draft.Secondary, stored, out var secondary, out fault))
        {
            return false;
        }

        fault = CertificatesFault(key, draft.HoldsSigners, primary, secondary);
        if (fault is not null)
        {
            return false;
        }

        var slots = new CertificateSlots(primary, secondary);
        mechanism = draft.HoldsSigners ? new AttestationMechanism.Signers(slots) : new AttestationMechanism.Leaves(slots);
        return true;
    }

    private static bool TryFill(
        EnrollmentKey key, Slot slot, SlotDraft asked, Enrollment? stored, out Certificate? certificate, [NotNullWhen(false)] out string? fault)
    {
        fault = null;
        certificate = null;
        switch (asked)
        {
            case SlotDraft.Empty:
                return true;
            case SlotDraft.Place place:
                certificate = place.Certificate;
                return true;
            case SlotDraft.Keep keep:
                certificate = stored?.Mechanism.Certificates
                    .Select(filled => filled.Certificate).FirstOrDefault(held => held.Thumbprint == keep.Thumbprint);
                fault = certificate is null
                    ? $"The {Word(slot)} slot of the {key} describes the certificate {keep.Thumbprint} without bringing it, and no such "
                      + "certificate is stored there. Send the certificate itself in 'certificate', as PEM or base64 DER."
                    : null;
                return fault is null;
            default:
                throw new InvalidOperationException("Unknown slot draft.");
        }
    }

    private static string? CertificatesFault(EnrollmentKey key, bool holdsSigners, Certificate? primary, Certificate? secondary)
    {
        if (primary is null && secondary is null)
        {
            return $"The {key} would hold no certificate. Set the primary or the secondary one; to stop the enrollment, disable it.";
        }

        if (primary?.Thumbprint is { } thumbprint && secondary?.Thumbprint == thumbprint)
        {
            return $"Both slots of the {key} hold the certificate {thumbprint}. Leave one slot empty until there is another certificate.";
        }

        return RoleFault(key, holdsSigners, Slot.Primary, primary) ?? RoleFault(key, holdsSigners, Slot.Secondary, secondary);
    }

    private static string? RoleFault(EnrollmentKey key, bool holdsSigners, Slot slot, Certificate? certificate)
    {
        if (certificate is null)
        {
            return null;
        }

        if (holdsSigners)
        {
            return certificate.IsCertificateAuthority
                ? null
                : $"The {Word(slot)} certificate '{certificate.Subject.Text}' of the {key} is not a CA certificate (basicConstraints CA:TRUE). "
                  + "Give the root or intermediate that signs the devices' certificates.";
        }

        if (certificate.IsCertificateAuthority)
        {
            return $"The {Word(slot)} certificate '{certificate.Subject.Text}' of the {key} is a CA certificate where a device certificate "
                + "belongs. Issue the leaf with basicConstraints CA:FALSE (openssl req -x509 … -addext basicConstraints=critical,CA:FALSE).";
        }

        return NameFault(key, slot, certificate);
    }

    // A leaf under another name could never register here: its common name is its registration id.
    private static string? NameFault(EnrollmentKey key, Slot slot, Certificate leaf)
    {
        if (!leaf.TryGetCommonName(out var name, out var refusal))
        {
            return $"The {Word(slot)} certificate of the {key} cannot name a device: {refusal.Detail}";
        }

        return string.Equals(name.Value, key.Id, StringComparison.OrdinalIgnoreCase)
            ? null
            : $"The {Word(slot)} certificate of the {key} has the common name '{name}'. Use a certificate whose common name is '{key.Id}'.";
    }

    private static string Word(Slot slot) => slot == Slot.Primary ? "primary" : "secondary";
}
