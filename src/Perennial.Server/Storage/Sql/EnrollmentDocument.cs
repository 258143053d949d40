using System.Text.Json;
using System.Text.Json.Serialization;
using Perennial.Provisioning.Enrollments;
using Perennial.Server.Fleet;

namespace Perennial.Server.Storage.Sql;

/// <summary>What of an enrollment is neither its id, a certificate nor a secret.</summary>
internal sealed record EnrollmentDocument
{
    public required string Id { get; init; }

    public bool HoldsSigners { get; init; }

    public bool HoldsKeys { get; init; }

    public bool HoldsReferences { get; init; }

    /// <summary>Of a TPM, base64; a public key.</summary>
    public string? EndorsementKey { get; init; }

    public string? StorageRootKey { get; init; }

    public bool IsEnabled { get; init; }

    public string? DeviceId { get; init; }

    public AllocationPolicy? AllocationPolicy { get; init; }

    public IReadOnlyList<string> Hubs { get; init; } = [];

    public string? WebhookUrl { get; init; }

    public string? WebhookVersion { get; init; }

    public bool UpdateHubAssignment { get; init; } = true;

    public bool MigrateDeviceData { get; init; } = true;

    public JsonElement? InitialTags { get; init; }

    public JsonElement? InitialDesired { get; init; }

    public bool IsEdge { get; init; }

    public string? CredentialPolicy { get; init; }

    public RollOffer? RollOffer { get; init; }

    public JsonElement? OptionalDeviceInformation { get; init; }

    public long LastUpdated { get; init; }

    /// <summary>The kind of attestation as it stands in its column.</summary>
    [JsonIgnore]
    public EnrolledAttestation Attestation =>
        HoldsReferences ? EnrolledAttestation.Reference
        : HoldsKeys ? EnrolledAttestation.SymmetricKey
        : EndorsementKey is not null ? EnrolledAttestation.Tpm
        : EnrolledAttestation.Certificate;

    public static EnrollmentDocument From(Enrollment enrollment) => new()
    {
        Id = enrollment.Key.Id,
        HoldsSigners = enrollment.Mechanism is AttestationMechanism.Signers,
        HoldsKeys = enrollment.Mechanism is AttestationMechanism.SymmetricKeys,
        HoldsReferences = enrollment.Mechanism is AttestationMechanism.CaReferences,
        EndorsementKey = (enrollment.Mechanism as AttestationMechanism.Tpm)?.EndorsementKey.ToBase64(),
        StorageRootKey = (enrollment.Mechanism as AttestationMechanism.Tpm)?.StorageRootKey?.ToBase64(),
        IsEnabled = enrollment.IsEnabled,
        DeviceId = enrollment.DeviceId,
        AllocationPolicy = enrollment.AllocationPolicy,
        Hubs = enrollment.HubHostNames,
        WebhookUrl = enrollment.CustomAllocation?.WebhookUrl.OriginalString,
        WebhookVersion = enrollment.CustomAllocation?.ApiVersion,
        UpdateHubAssignment = enrollment.ReprovisionPolicy.UpdateHubAssignment,
        MigrateDeviceData = enrollment.ReprovisionPolicy.MigrateDeviceData,
        InitialTags = enrollment.InitialTwin?.Tags,
        InitialDesired = enrollment.InitialTwin?.Desired,
        IsEdge = enrollment.IsEdge,
        CredentialPolicy = enrollment.CredentialPolicy,
        RollOffer = enrollment.RollOffer,
        OptionalDeviceInformation = enrollment.OptionalDeviceInformation,
        LastUpdated = enrollment.LastUpdated.UtcTicks,
    };

    public Enrollment ToDomain(EnrollmentKind kind, string etag, long created, AttestationMechanism mechanism) => new()
    {
        Key = Keys.Enrollment(kind, Id),
        Mechanism = mechanism,
        IsEnabled = IsEnabled,
        DeviceId = DeviceId,
        AllocationPolicy = AllocationPolicy,
        HubHostNames = Hubs,
        CustomAllocation = WebhookUrl is null ? null : new CustomAllocation(new Uri(WebhookUrl), WebhookVersion ?? string.Empty),
        ReprovisionPolicy = new ReprovisionPolicy(UpdateHubAssignment, MigrateDeviceData),
        InitialTwin = InitialTags is null && InitialDesired is null ? null : new InitialTwin(InitialTags, InitialDesired),
        IsEdge = IsEdge,
        CredentialPolicy = CredentialPolicy,
        RollOffer = RollOffer,
        OptionalDeviceInformation = OptionalDeviceInformation,
        ETag = etag,
        Created = new DateTimeOffset(created, TimeSpan.Zero),
        LastUpdated = new DateTimeOffset(LastUpdated, TimeSpan.Zero),
    };
}
