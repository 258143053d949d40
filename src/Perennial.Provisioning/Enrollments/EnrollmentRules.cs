namespace Perennial.Provisioning.Enrollments;

/// <summary>The rules that an enrollment keeps. Pure but for the fresh ETag.</summary>
internal static class EnrollmentRules
{
    /// <summary>Makes the enrollment that the draft asks for, or says in one sentence what is wrong with it.</summary>
    public static bool TryApply(
        EnrollmentDraft draft,
        Enrollment? stored,
        IReadOnlyList<CaReference> references,
        IReadOnlyList<string> linked,
        DateTimeOffset now,
        [NotNullWhen(true)] out Enrollment? enrollment,
        [NotNullWhen(false)] out string? fault)
    {
        enrollment = null;
        if (!MechanismRules.TryApply(draft, stored, references, out var mechanism, out fault))
        {
            return false;
        }

        fault = HubsFault(draft, linked) ?? WebhookFault(draft) ?? DeviceIdFault(draft) ?? PolicyFault(draft);
        if (fault is not null)
        {
            return false;
        }

        enrollment = new Enrollment
        {
            Key = stored?.Key ?? draft.Key,
            Mechanism = mechanism,
            IsEnabled = draft.IsEnabled,
            DeviceId = draft.DeviceId,
            AllocationPolicy = draft.AllocationPolicy,
            HubHostNames = draft.HubHostNames,
            CustomAllocation = draft.AllocationPolicy == AllocationPolicy.Custom ? draft.CustomAllocation : null,
            ReprovisionPolicy = draft.ReprovisionPolicy,
            InitialTwin = draft.InitialTwin,
            IsEdge = draft.IsEdge,
            CredentialPolicy = draft.CredentialPolicy,
            RollOffer = draft.RollOffer,
            OptionalDeviceInformation = draft.OptionalDeviceInformation,
            ETag = Guid.NewGuid().ToString("D"),
            Created = stored?.Created ?? now,
            LastUpdated = now,
        };
        return true;
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

    private static string? WebhookFault(EnrollmentDraft draft)
    {
        const int MaxUrl = 2048;
        if (draft.AllocationPolicy != AllocationPolicy.Custom)
        {
            return null;
        }

        return draft.CustomAllocation is { WebhookUrl: { IsAbsoluteUri: true, Scheme: "https", UserInfo: "" } url } && url.OriginalString.Length <= MaxUrl
            ? null
            : $"The {draft.Key} is allocated by a webhook. Give customAllocationDefinition with a webhookUrl that is an absolute https address "
              + "without a user name, and an apiVersion.";
    }

    private static string? PolicyFault(EnrollmentDraft draft)
    {
        const int MinLength = 3;
        const int MaxLength = 50;
        return draft.CredentialPolicy is not { } name
            || (name.Length is >= MinLength and <= MaxLength && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
            ? null
            : $"The credentialPolicyName '{name}' of the {draft.Key} cannot be the name of a certificate profile. "
              + $"Give {MinLength} to {MaxLength} letters, digits and - _ . or leave it out.";
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
}
