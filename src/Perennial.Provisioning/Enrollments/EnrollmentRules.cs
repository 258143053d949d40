using Perennial.X509;

namespace Perennial.Provisioning.Enrollments;

/// <summary>The rules that an enrollment keeps. Pure but for the fresh ETag.</summary>
internal static class EnrollmentRules
{
    /// <summary>Makes the enrollment that the draft asks for, or says in one sentence what is wrong with it.</summary>
    public static bool TryApply(
        EnrollmentDraft draft,
        Enrollment? stored,
        IReadOnlyList<string> linked,
        DateTimeOffset now,
        [NotNullWhen(true)] out Enrollment? enrollment,
        [NotNullWhen(false)] out string? fault)
    {
        enrollment = null;
        if (!TryFill(draft, Slot.Primary, stored, out var primary, out fault)
            || !TryFill(draft, Slot.Secondary, stored, out var secondary, out fault))
        {
            return false;
        }

        fault = CertificatesFault(draft, primary, secondary) ?? HubsFault(draft, linked) ?? DeviceIdFault(draft);
        if (fault is not null)
        {
            return false;
        }

        var slots = new CertificateSlots(primary, secondary);
        enrollment = new Enrollment
        {
            Key = stored?.Key ?? draft.Key,
            Mechanism = draft.HoldsSigners ? new AttestationMechanism.Signers(slots) : new AttestationMechanism.Leaves(slots),
            IsEnabled = draft.IsEnabled,
            DeviceId = draft.DeviceId,
            AllocationPolicy = draft.AllocationPolicy,
            HubHostNames = draft.HubHostNames,
            ReprovisionPolicy = draft.ReprovisionPolicy,
            InitialTwin = draft.InitialTwin,
            IsEdge = draft.IsEdge,
            OptionalDeviceInformation = draft.OptionalDeviceInformation,
            ETag = Guid.NewGuid().ToString("D"),
            Created = stored?.Created ?? now,
            LastUpdated = now,
        };
        return true;
    }

    private static bool TryFill(
        EnrollmentDraft draft, Slot slot, Enrollment? stored, out Certificate? certificate, [NotNullWhen(false)] out string? fault)
    {
        fault = null;
        certificate = null;
        switch (slot == Slot.Primary ? draft.Primary : draft.Secondary)
        {
            case SlotDraft.Empty:
                return true;
            case SlotDraft.Place place:
                certificate = place.Certificate;
                return true;
            case SlotDraft.Keep keep:
                certificate = stored?.Mechanism.Certificates.Filled()
                    .Select(filled => filled.Certificate).FirstOrDefault(held => held.Thumbprint == keep.Thumbprint);
                fault = certificate is null
                    ? $"The {Word(slot)} slot of the {draft.Key} describes the certificate {keep.Thumbprint} without bringing it, and no such "
                      + "certificate is stored there. Send the certificate itself in 'certificate', as PEM or base64 DER."
                    : null;
                return fault is null;
            default:
                throw new InvalidOperationException("Unknown slot draft.");
        }
    }

    private static string? CertificatesFault(EnrollmentDraft draft, Certificate? primary, Certificate? secondary)
    {
        if (primary is null && secondary is null)
        {
            return $"The {draft.Key} would hold no certificate. Set the primary or the secondary one; to stop the enrollment, disable it.";
        }

        if (primary?.Thumbprint is { } thumbprint && secondary?.Thumbprint == thumbprint)
        {
            return $"Both slots of the {draft.Key} hold the certificate {thumbprint}. Leave one slot empty until there is another certificate.";
        }

        return RoleFault(draft, Slot.Primary, primary) ?? RoleFault(draft, Slot.Secondary, secondary);
    }

    private static string? RoleFault(EnrollmentDraft draft, Slot slot, Certificate? certificate)
    {
        if (certificate is null)
        {
            return null;
        }

        if (draft.HoldsSigners)
        {
            return certificate.IsCertificateAuthority
                ? null
                : $"The {Word(slot)} certificate '{certificate.Subject.Text}' of the {draft.Key} is not a CA certificate (basicConstraints CA:TRUE). "
                  + "Give the root or intermediate that signs the devices' certificates.";
        }

        if (certificate.IsCertificateAuthority)
        {
            return $"The {Word(slot)} certificate '{certificate.Subject.Text}' of the {draft.Key} is a CA certificate where a device certificate "
                + "belongs. Issue the leaf with basicConstraints CA:FALSE (openssl req -x509 … -addext basicConstraints=critical,CA:FALSE).";
        }

        return NameFault(draft, slot, certificate);
    }

    // A leaf under another name could never register here: its common name is its registration id.
    private static string? NameFault(EnrollmentDraft draft, Slot slot, Certificate leaf)
    {
        if (!leaf.TryGetCommonName(out var name, out var refusal))
        {
            return $"The {Word(slot)} certificate of the {draft.Key} cannot name a device: {refusal.Detail}";
        }

        return string.Equals(name.Value, draft.Key.Id, StringComparison.OrdinalIgnoreCase)
            ? null
            : $"The {Word(slot)} certificate of the {draft.Key} has the common name '{name}'. Use a certificate whose common name is '{draft.Key.Id}'.";
    }

    private static string? HubsFault(EnrollmentDraft draft, IReadOnlyList<string> linked)
    {
        var unknown = draft.HubHostNames.FirstOrDefault(
            name => !linked.Contains(name, StringComparer.OrdinalIgnoreCase));
        if (unknown is not null)
        {
            return $"The {draft.Key} names the hub '{unknown}', which is not linked. Linked are {string.Join(", ", linked)}.";
        }

        return draft.AllocationPolicy == AllocationPolicy.Static && draft.HubHostNames.Count != 1
            ? $"The {draft.Key} is allocated statically and names {draft.HubHostNames.Count} hubs. Name exactly one in 'iotHubs'."
            : null;
    }

    private static string? DeviceIdFault(EnrollmentDraft draft)
    {
        const string AllowedPunctuation = "-:.+%_#*?!(),=@;$'";
        var isValid = draft.DeviceId is null
            || (draft.DeviceId.Length is > 0 and <= EnrollmentKey.MaxIdLength
                && draft.DeviceId.All(c => char.IsAsciiLetterOrDigit(c) || AllowedPunctuation.Contains(c, StringComparison.Ordinal)));
        return isValid
            ? null
            : $"The device id of the {draft.Key} is not valid. Use 1 to 128 of the characters A-Z a-z 0-9 {AllowedPunctuation}";
    }

    private static string Word(Slot slot) => slot == Slot.Primary ? "primary" : "secondary";
}
