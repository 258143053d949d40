using Perennial.Protocol;
using Perennial.Protocol.Provisioning.Enrollments;
using Perennial.Provisioning.Enrollments;
using Perennial.Provisioning.Registrations;
using WireItemType = Perennial.Protocol.ItemType;

namespace Perennial.Server.Http;

/// <summary>Individual enrollments on the wire.</summary>
internal sealed class IndividualEnrollmentForm : EnrollmentForm
{
    public override EnrollmentKind Kind => EnrollmentKind.Individual;

    public override string Path => "enrollments";

    public override string ItemType => WireItemType.Enrollment;

    public override string IdField => "registrationId";

    public override IReadOnlyList<string> QueryFields { get; } =
    [
        "registrationId", "deviceId", "provisioningStatus", "allocationPolicy", "iotHubs", "etag", "attestation.type",
        "capabilities.iotEdge", "registrationState.status", "registrationState.substatus", "registrationState.assignedHub",
        "registrationState.deviceId",
    ];

    public override bool TryRead(
        ReadOnlySpan<byte> body, EnrollmentKey key, [NotNullWhen(true)] out EnrollmentDraft? draft, [NotNullWhen(false)] out string? fault)
    {
        draft = null;
        if (!WireJson.TryParse<IndividualEnrollmentDocument>(body, out var document, out fault))
        {
            return false;
        }

        if (document.RegistrationId is { } id && !string.Equals(id, key.Id, StringComparison.OrdinalIgnoreCase))
        {
            fault = $"registrationId: the document says '{id}', the path says '{key.Id}'.";
            return false;
        }

        return TryRead(document, key, out draft, out fault);
    }

    public override byte[] Write(Enrollment enrollment, Registration? registration, bool withSecrets) =>
        WireJson.ToUtf8(From(enrollment, registration, withSecrets));

    public override byte[] WriteMany(IReadOnlyList<(Enrollment Enrollment, Registration? Registration)> enrollments) =>
        WireJson.ToUtf8Array([.. enrollments.Select(item => From(item.Enrollment, item.Registration, withSecrets: false))]);

    private static bool TryRead(
        IndividualEnrollmentDocument document,
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
            DeviceId = string.IsNullOrEmpty(document.DeviceId) ? null : document.DeviceId,
            AllocationPolicy = allocation,
            HubHostNames = hubs,
            CustomAllocation = EnrollmentTerms.ToDomain(document.CustomAllocationDefinition),
            ReprovisionPolicy = EnrollmentTerms.ToDomain(document.ReprovisionPolicy),
            InitialTwin = twin,
            IsEdge = document.Capabilities?.IotEdge ?? false,
            CredentialPolicy = string.IsNullOrEmpty(document.CredentialPolicyName) ? null : document.CredentialPolicyName,
            RollOffer = offer,
            OptionalDeviceInformation = EnrollmentTerms.ToElement(document.OptionalDeviceInformation),
        };
        return true;
    }

    public static IndividualEnrollmentDocument From(Enrollment enrollment, Registration? registration, bool withSecrets) => new()
    {
        RegistrationId = enrollment.Key.Id,
        DeviceId = enrollment.DeviceId,
        RegistrationState = registration is null ? null : RegistrationStates.From(registration),
        OptionalDeviceInformation = EnrollmentTerms.ToObject(enrollment.OptionalDeviceInformation),
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
