using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Perennial.Server.Instances;
using Perennial.Server.Storage;

namespace Perennial.Server.Hubs;

/// <summary>What the audit trail says of the links: everything but the keys.</summary>
internal static class LinkPrints
{
    public static IReadOnlyList<LinkPrint> Of(LinkedHubsDocument document) =>
        [.. document.Hubs.Select(Of), new LinkPrint("allocation of the service", Terms(document).ToJsonString())];

    private static LinkPrint Of(LinkedHubDocument link)
    {
        var hub = LinkedHubsFile.TryRead(link.ConnectionString, out var read, out _) ? read : null;
        var terms = new JsonObject
        {
            ["address"] = hub?.HostName,
            ["policy"] = hub?.SharedAccessKeyName,
            ["key"] = hub is null ? null : Convert.ToHexString(SHA256.HashData(Convert.FromBase64String(hub.SharedAccessKey!))),
            ["location"] = link.Location,
            ["allocationWeight"] = link.AllocationWeight,
            ["applyAllocationPolicy"] = link.ApplyAllocationPolicy,
        };
        return new LinkPrint($"linked hub '{link.HostName}'", terms.ToJsonString());
    }

    private static JsonObject Terms(LinkedHubsDocument document) => new()
    {
        ["allocationPolicy"] = document.AllocationPolicy.ToString(),
        ["latencies"] = new JsonArray([.. document.Latencies.Select(Row)]),
    };

    private static JsonObject Row(LatencyRowDocument row) => new()
    {
        ["registrationIdPrefix"] = row.RegistrationIdPrefix,
        ["milliseconds"] = new JsonObject(
            row.Milliseconds.OrderBy(hub => hub.Key, StringComparer.Ordinal).Select(hub => KeyValuePair.Create(hub.Key, (JsonNode?)hub.Value))),
    };
}
