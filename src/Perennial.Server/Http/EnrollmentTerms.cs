using System.Text.Json;
using System.Text.Json.Nodes;
using Perennial.Protocol.Provisioning.Enrollments;
using Perennial.Provisioning.Enrollments;
using DomainPolicy = Perennial.Provisioning.Enrollments.AllocationPolicy;
using WirePolicy = Perennial.Protocol.Provisioning.Enrollments.AllocationPolicy;

namespace Perennial.Server.Http;

/// <summary>The members that both kinds of enrollment share, between wire and domain.</summary>
internal static class EnrollmentTerms
{
    /// <summary>The allocation that the document asks for (dps-protocol §6.2).</summary>
    public static void ReadAllocation(
        WirePolicy? policy,
        string? iotHubHostName,
        IReadOnlyList<string>? iotHubs,
        out DomainPolicy? allocation,
        out IReadOnlyList<string> hubs)
    {
        hubs = iotHubs ?? [];
        allocation = policy switch
        {
            WirePolicy.Hashed => DomainPolicy.Hashed,
            WirePolicy.GeoLatency => DomainPolicy.GeoLatency,
            WirePolicy.Custom => DomainPolicy.Custom,
            WirePolicy.Static => DomainPolicy.Static,
            _ => null,
        };
        if (hubs.Count == 0 && !string.IsNullOrWhiteSpace(iotHubHostName))
        {
            (allocation, hubs) = (DomainPolicy.Static, [iotHubHostName]);
        }
    }

    /// <summary>The webhook that the document names; null when it names none, or nothing that is an address.</summary>
    public static CustomAllocation? ToDomain(CustomAllocationDocument? document) =>
        Uri.TryCreate(document?.WebhookUrl, UriKind.Absolute, out var url) && document?.ApiVersion is { Length: > 0 and <= 64 } version
            ? new CustomAllocation(url, version)
            : null;

    public static CustomAllocationDocument? From(CustomAllocation? allocation) => allocation is null
        ? null
        : new CustomAllocationDocument { WebhookUrl = allocation.WebhookUrl.OriginalString, ApiVersion = allocation.ApiVersion };

    public static WirePolicy? From(DomainPolicy? policy) => policy switch
    {
        null => null,
        DomainPolicy.Hashed => WirePolicy.Hashed,
        DomainPolicy.Static => WirePolicy.Static,
        DomainPolicy.GeoLatency => WirePolicy.GeoLatency,
        DomainPolicy.Custom => WirePolicy.Custom,
        _ => throw new InvalidOperationException($"Unknown allocation policy {policy}."),
    };

    public static ReprovisionPolicy ToDomain(ReprovisionPolicyDocument? document) =>
        new(document?.UpdateHubAssignment ?? true, document?.MigrateDeviceData ?? true);

    public static ReprovisionPolicyDocument From(ReprovisionPolicy policy) =>
        new() { UpdateHubAssignment = policy.UpdateHubAssignment, MigrateDeviceData = policy.MigrateDeviceData };

    /// <summary>Reads <c>{"tags":{…},"properties":{"desired":{…}}}</c>.</summary>
    public static bool TryReadTwin(JsonObject? document, out InitialTwin? twin, [NotNullWhen(false)] out string? fault)
    {
        twin = null;
        var tags = document?["tags"];
        var properties = document?["properties"];
        var desired = (properties as JsonObject)?["desired"];
        var isReadable = tags is null or JsonObject && properties is null or JsonObject && desired is null or JsonObject;
        fault = isReadable ? null : "initialTwin: tags, properties and properties.desired are JSON objects.";
        if (isReadable && (tags ?? desired) is not null)
        {
            twin = new InitialTwin(ToElement(tags), ToElement(desired));
        }

        return isReadable;
    }

    /// <summary>Reads how devices are told to roll; nothing and an empty text say nothing.</summary>
    public static bool TryReadOffer(string? word, out RollOffer? offer, [NotNullWhen(false)] out string? fault)
    {
        offer = null;
        fault = string.IsNullOrEmpty(word) || RollDocuments.TryReadWord(word, out offer)
            ? null
            : $"rollOffer: '{word}' is no way to offer: {RollDocuments.Offers}.";
        return fault is null;
    }

    public static string? From(RollOffer? offer) => offer is { } word ? RollDocuments.Word(word) : null;

    public static JsonObject? From(InitialTwin? twin)
    {
        if (twin is null)
        {
            return null;
        }

        var document = new JsonObject();
        if (twin.Tags is { } tags)
        {
            document["tags"] = ToObject(tags);
        }

        if (twin.Desired is { } desired)
        {
            document["properties"] = new JsonObject { ["desired"] = ToObject(desired) };
        }

        return document;
    }

    public static JsonElement? ToElement(JsonNode? node)
    {
        if (node is null)
        {
            return null;
        }

        using var document = JsonDocument.Parse(node.ToJsonString());
        return document.RootElement.Clone();
    }

    public static JsonObject? ToObject(JsonElement? element) => element is { ValueKind: JsonValueKind.Object } value ? JsonObject.Create(value) : null;

    public static ProvisioningStatus StatusOf(Enrollment enrollment) =>
        enrollment.IsEnabled ? ProvisioningStatus.Enabled : ProvisioningStatus.Disabled;

    /// <summary>The ETag as the real service writes it: with its quotes inside the text (dps-protocol §7.3).</summary>
    public static string ETagOf(Enrollment enrollment) => $"\"{enrollment.ETag}\"";
}
