using Perennial.Protocol;
using Perennial.Protocol.Provisioning.Enrollments;
using Perennial.Provisioning.Enrollments;
using Perennial.Provisioning.Registrations;
using WireItemType = Perennial.Protocol.ItemType;

namespace Perennial.Server.Http;

/// <summary>Enrollment groups on the wire.</summary>
internal sealed class EnrollmentGroupForm : EnrollmentForm
{
    public override EnrollmentKind Kind => EnrollmentKind.Group;

    public override string Path => "enrollmentGroups";

    public override string ItemType => WireItemType.EnrollmentGroup;

    public override string IdField => "enrollmentGroupId";

    public override IReadOnlyList<string> QueryFields { get; } =
    [
        "enrollmentGroupId", "provisioningStatus", "allocationPolicy", "iotHubs", "etag", "attestation.type", "capabilities.iotEdge",
        "attestation.x509.caReferences.primary", "attestation.x509.caReferences.secondary",
    ];

    public override bool TryRead(
        ReadOnlySpan<byte> body, EnrollmentKey key, [NotNullWhen(true)] out EnrollmentDraft? draft, [NotNullWhen(false)] out string? fault)
    {
        draft = null;
        if (!WireJson.TryParse<EnrollmentGroupDocument>(body, out var document, out fault))
        {
            return false;
        }

        if (document.EnrollmentGroupId is { } id && !string.Equals(id, key.Id, StringComparison.OrdinalIgnoreCase))
        {
            fault = $"enrollmentGroupId: the document says '{id}', the path says '{key.Id}'.";
            return false;
        }

        return TryRead(document, key, out draft, out fault);
    }

    public override byte[] Write(Enrollment enrollment, Registration? registration, bool withSecrets) => WireJson.ToUtf8(From(enrollment, withSecrets));

    public override byte[] WriteMany(IReadOnlyList<(Enrollment Enrollment, Registration? Registration)> enrollments) =>
        WireJson.ToUtf8Array([.. enrollments.Select(item => From(item.Enrollment, withSecrets: false))]);

    private static bool TryRead(
        EnrollmentGroupDocument document,
        EnrollmentKey key,
        [NotNullWhen(true)] out EnrollmentDraft? draft,
        [NotNullWhen(false)] out string? fault)
    {
        draft = null;
        if (!AttestationForm.TryRead(document.Attestation, out var mechanism, out fault)
            || !EnrollmentTerms.TryReadTwin(document.InitialTwin, out var twin, out fault)
            || !EnrollmentTerms.TryReadOffer(document.RollOffer, out var offer, out fault))
        {
            return false;
        }

        EnrollmentTerms.ReadAllocation(document.AllocationPolicy, document.IotHubHostName, document.IotHubs, out var allocation, out var hubs);
        draft = new EnrollmentDraft
        {
            Key = key,
            Mechanism = mechanism,
            IsEnabled = document.ProvisioningStatus is not ProvisioningStatus.Disabled,
            AllocationPolicy = allocation,
            HubHostNames = hubs,
            CustomAllocation = EnrollmentTerms.ToDomain(document.CustomAllocationDefinition),
            ReprovisionPolicy = EnrollmentTerms.ToDomain(document.ReprovisionPolicy),
            InitialTwin = twin,
            IsEdge = document.Capabilities?.IotEdge ?? false,
            CredentialPolicy = string.IsNullOrEmpty(document.CredentialPolicyName) ? null : document.CredentialPolicyName,
            RollOffer = offer,
        };
        return true;
    }

    public static EnrollmentGroupDocument From(Enrollment enrollment, bool withSecrets) => new()
    {
        EnrollmentGroupId = enrollment.Key.Id,
        Attestation = AttestationForm.From(enrollment.Mechanism, withSecrets),
        Capabilities = new DeviceCapabilitiesDocument { IotEdge = enrollment.IsEdge },
        InitialTwin = EnrollmentTerms.From(enrollment.InitialTwin),
        Etag = EnrollmentTerms.ETagOf(enrollment),
        ProvisioningStatus = EnrollmentTerms.StatusOf(enrollment),
        ReprovisionPolicy = EnrollmentTerms.From(enrollment.ReprovisionPolicy),
        CreatedDateTimeUtc = enrollment.Created,
        LastUpdatedDateTimeUtc = enrollment.LastUpdated,
        AllocationPolicy = EnrollmentTerms.From(enrollment.AllocationPolicy),
        CredentialPolicyName = enrollment.CredentialPolicy,
        RollOffer = EnrollmentTerms.From(enrollment.RollOffer),
        IotHubs = enrollment.HubHostNames.Count == 0 ? null : enrollment.HubHostNames,
        CustomAllocationDefinition = EnrollmentTerms.From(enrollment.CustomAllocation),
    };
}
