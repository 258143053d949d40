using System.Text.Json.Nodes;
using Perennial.Server.Remote;

namespace Perennial.Server.Declarations;

/// <summary>An individual enrollment or a group of a fleet file.</summary>
internal static class DeclareEnrollment
{
    private static readonly string[] Both =
    [
        "id", "certificate", "secondaryCertificate", "symmetricKey", "primaryKeyFile", "secondaryKeyFile", "primaryKey", "secondaryKey",
        "provisioningStatus", "allocationPolicy", "iotHubs", "reprovisionPolicy", "initialTwin", "edgeEnabled", "profile", "rollOffer", "webhookUrl",
    ];

    public static string[] KnownOfGroup { get; } = [.. Both, "caName", "secondaryCaName"];

    public static string[] KnownOfDevice { get; } = [.. Both, "deviceId", "endorsementKey", "storageRootKey", "signingCertificate", "secondarySigningCertificate"];

    public static DeclaredObject Read(RestNoun noun, YamlFields fields)
    {
        var members = DeclareAttestation.Read(noun, fields, out var needsKeys);
        Add("provisioningStatus", fields.Word("provisioningStatus", "enabled", "disabled"), "provisioningStatus");
        Add("allocationPolicy", fields.Word("allocationPolicy", "hashed", "geoLatency", "static", "custom"), "allocationPolicy");
        Add("profile", fields.Text("profile"), "credentialPolicyName");
        Add("rollOffer", fields.Word("rollOffer", "desiredProperty", "method", "registration", "none"), "rollOffer");
        Add("deviceId", fields.Text("deviceId"), "deviceId");
        if (fields.Texts("iotHubs") is { } hubs)
        {
            members.Add(new(
                "iotHubs",
                Joined(hubs),
                document => Joined((document["iotHubs"] as JsonArray ?? []).Select(hub => hub!.ToString())),
                document => document["iotHubs"] = new JsonArray([.. hubs.Select(hub => (JsonNode)hub)])));
        }

        if (fields.Word("reprovisionPolicy", "migrate", "reset", "never") is { } policy)
        {
            members.Add(new("reprovisionPolicy", policy, PolicyOf, document =>
                document["reprovisionPolicy"] = new JsonObject { ["updateHubAssignment"] = policy != "never", ["migrateDeviceData"] = policy == "migrate" }));
        }

        if (fields.Truth("edgeEnabled") is { } isEdge)
        {
            members.Add(new("edgeEnabled", $"{isEdge}", document => $"{(bool?)document["capabilities"]?["iotEdge"] ?? false}", document => document["capabilities"] = new JsonObject { ["iotEdge"] = isEdge }));
        }

        if (fields.Text("webhookUrl") is { } url)
        {
            members.Add(new("webhookUrl", url, document => (string?)document["customAllocationDefinition"]?["webhookUrl"], document =>
                document["customAllocationDefinition"] = new JsonObject { ["webhookUrl"] = url, ["apiVersion"] = "2021-10-01" }));
        }

        if (fields.Json("initialTwin") is { } twin)
        {
            members.Add(new("initialTwin", Sorted(twin), document => document["initialTwin"] is JsonObject stored ? Sorted(stored) : null, document => document["initialTwin"] = twin.DeepClone()));
        }

        return new DeclaredObject(noun, fields.Required("id"), fields.Line, members) { NeedsKeys = needsKeys };

        void Add(string name, string? value, string member)
        {
            if (value is not null)
            {
                members.Add(new(name, value, document => (string?)document[member] ?? string.Empty, document => document[member] = value));
            }
        }
    }

    private static string Joined(IEnumerable<string> hubs) => string.Join(", ", hubs.Order(StringComparer.OrdinalIgnoreCase));

    private static string PolicyOf(JsonObject document) => ((bool?)document["reprovisionPolicy"]?["updateHubAssignment"], (bool?)document["reprovisionPolicy"]?["migrateDeviceData"]) switch
    {
        (false, _) => "never",
        (_, false) => "reset",
        _ => "migrate",
    };

    // The order of members says nothing.
    private static string Sorted(JsonNode? node) => node switch
    {
        JsonObject members => "{" + string.Join(",", members.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => $"{JsonValue.Create(member.Key)!.ToJsonString()}:{Sorted(member.Value)}")) + "}",
        JsonArray list => "[" + string.Join(",", list.Select(Sorted)) + "]",
        null => "null",
        _ => node.ToJsonString(),
    };
}
