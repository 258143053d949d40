using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Provisioning.Enrollments;

/// <summary>An enrollment group. Source: dps-protocol §7.6.</summary>
public sealed record EnrollmentGroupDocument : IWireDocument<EnrollmentGroupDocument>
{
    /// <inheritdoc/>
    static JsonTypeInfo<EnrollmentGroupDocument> IWireDocument<EnrollmentGroupDocument>.TypeInfo =>
        EnrollmentJson.Default.EnrollmentGroupDocument;

    /// <summary>The id of the group; equals the id in the path.</summary>
    public string? EnrollmentGroupId { get; init; }

    /// <summary>How its devices prove themselves; required.</summary>
    public AttestationDocument? Attestation { get; init; }

    /// <summary>What its devices can do.</summary>
    public DeviceCapabilitiesDocument? Capabilities { get; init; }

    /// <summary>The one hub, in the old form.</summary>
    public string? IotHubHostName { get; init; }

    /// <summary>The twin a new device starts with, <c>{"tags":{…},"properties":{"desired":{…}}}</c>, returned as given.</summary>
    public JsonObject? InitialTwin { get; init; }

    /// <summary>The tag of the enrollment.</summary>
    public string? Etag { get; init; }

    /// <summary>Whether it takes devices; enabled when left out.</summary>
    public ProvisioningStatus? ProvisioningStatus { get; init; }

    /// <summary>What happens when a device registers again.</summary>
    public ReprovisionPolicyDocument? ReprovisionPolicy { get; init; }

    /// <summary>When it was made, on reading.</summary>
    public DateTimeOffset? CreatedDateTimeUtc { get; init; }

    /// <summary>When it last changed, on reading.</summary>
    public DateTimeOffset? LastUpdatedDateTimeUtc { get; init; }

    /// <summary>How a hub is chosen; the service's default when left out.</summary>
    public AllocationPolicy? AllocationPolicy { get; init; }

    /// <summary>The host names of the hubs to choose from; all when empty or left out.</summary>
    public IReadOnlyList<string>? IotHubs { get; init; }

    /// <summary>The web hook of a custom allocation.</summary>
    public CustomAllocationDocument? CustomAllocationDefinition { get; init; }

    /// <summary>The policy by which certificates are issued (preview, dps-protocol §10).</summary>
    public string? CredentialPolicyName { get; init; }

    /// <summary>
    /// How devices are told to roll where the plan of a roll does not say, which is Perennial's own: <c>desiredProperty</c> (the usual),
    /// <c>method</c>, <c>registration</c> or <c>none</c>.
    /// </summary>
    public string? RollOffer { get; init; }
}
