using System.Text.Json.Nodes;
using Perennial.Server.Remote;
using Perennial.X509;

namespace Perennial.Server.Imports;

/// <summary>Makes a row of an enrollment or a group as Azure tells it, or says why it cannot be taken.</summary>
/// <param name="certificates">Certificates by SHA-256 thumbprint, for exports that hold thumbprints alone.</param>
/// <param name="hubs">Our host name for each of Azure's; null lets any hub of ours be chosen.</param>
internal sealed class TakeAzureEnrollment(IReadOnlyDictionary<string, Certificate> certificates, IReadOnlyDictionary<string, string>? hubs)
{
    private static readonly string[] Slots = ["primary", "secondary"];

    private static readonly string[] Taken =
    [
        "registrationId", "enrollmentGroupId", "deviceId", "capabilities", "provisioningStatus", "reprovisionPolicy", "allocationPolicy",
        "customAllocationDefinition", "optionalDeviceInformation", "initialTwin", "credentialPolicyName",
    ];

    /// <summary>What beside the members that somebody set stands in objects that older clients print.</summary>
    private static readonly string[] Wrapping = ["additionalProperties", "count", "metadata", "version", "lastUpdated", "lastUpdatedVersion"];

    /// <summary>The kind of a document by its id; null when it is none.</summary>
    public static RestNoun? NounOf(JsonNode? document) =>
        TextOf(document, RestNoun.Group.IdMember) is not null ? RestNoun.Group
        : TextOf(document, RestNoun.Enrollment.IdMember) is not null ? RestNoun.Enrollment
        : null;

    public ImportRow Run(long row, JsonObject document)
    {
        if (NounOf(document) is not { } noun)
        {
            return new ImportRow.Faulty(row, string.Empty, "This is neither an enrollment (registrationId) nor a group (enrollmentGroupId).");
        }

        var id = TextOf(document, noun.IdMember)!;
        var wanted = new JsonObject(document.Where(member => Taken.Contains(member.Key, StringComparer.Ordinal) && member.Value is not null)
            .Select(member => KeyValuePair.Create(member.Key, Unwrap(member.Value))));
        var fault = TakeAttestation(document["attestation"], noun, wanted) ?? TakeHubs(document, wanted);
        return fault is null ? new ImportRow.OfDocument(row, id, noun, wanted) : new ImportRow.Faulty(row, id, fault);
    }

    private string? TakeAttestation(JsonNode? attestation, RestNoun noun, JsonObject wanted)
    {
        var type = TextOf(attestation, "type")?.ToUpperInvariant();
        switch (type)
        {
            case "X509":
                return TakeX509(attestation!["x509"], wanted);
            case "SYMMETRICKEY":
                var keys = attestation!["symmetricKey"];
                wanted["attestation"] = new JsonObject { ["type"] = "symmetricKey", ["symmetricKey"] = keys?.DeepClone() };
                return Slots.All(slot => IsKey(TextOf(keys, $"{slot}Key")))
                    ? null
                    : $"The export holds no symmetric keys, and new ones would shut its devices out. Export them: az iot dps {noun.Word} show --show-keys.";
            case "TPM":
                wanted["attestation"] = new JsonObject { ["type"] = "tpm", ["tpm"] = attestation!["tpm"]?.DeepClone() };
                return TextOf(attestation["tpm"], "endorsementKey") is null ? "The export holds no endorsement key of the TPM." : null;
            default:
                return $"The attestation '{type?.ToLowerInvariant() ?? "none"}' is not known here; known are x509, symmetricKey and tpm.";
        }
    }

    private string? TakeX509(JsonNode? x509, JsonObject wanted)
    {
        if (x509?["caReferences"] is JsonObject references && Slots.Any(slot => TextOf(references, slot) is not null))
        {
            wanted["attestation"] = new JsonObject { ["type"] = "x509", ["x509"] = new JsonObject { ["caReferences"] = references.DeepClone() } };
            return null;
        }

        foreach (var kind in (string[])["clientCertificates", "signingCertificates"])
        {
            if (x509?[kind] is not JsonObject slots || Slots.All(slot => slots[slot] is null))
            {
                continue;
            }

            var filled = new JsonObject();
            foreach (var slot in Slots.Where(slot => slots[slot] is not null))
            {
                if (CertificateOf(slots[slot]!, slot, out var fault) is not { } certificate)
                {
                    return fault;
                }

                filled[slot] = new JsonObject { ["certificate"] = Pem.Write(certificate) };
            }

            wanted["attestation"] = new JsonObject { ["type"] = "x509", ["x509"] = new JsonObject { [kind] = filled } };
            return null;
        }

        return "The attestation by X.509 holds no certificate and no reference to one.";
    }

    private Certificate? CertificateOf(JsonNode slot, string name, out string? fault)
    {
        fault = null;
        if (TextOf(slot, "certificate") is { } text)
        {
            if (Pem.TryReadCertificates(text, out var read, out var refusal))
            {
                return read[0];
            }

            fault = $"The {name} certificate: {refusal.Reason.Number} {refusal.Reason.Title} {refusal.Detail}";
            return null;
        }

        var thumbprint = TextOf(slot["info"], "sha256Thumbprint")?.ToUpperInvariant();
        if (thumbprint is not null && certificates.TryGetValue(thumbprint, out var found))
        {
            return found;
        }

        fault = $"The export holds of the {name} certificate its thumbprint alone ({thumbprint ?? "none"}). Give a folder with the certificate: --certificates DIR.";
        return null;
    }

    private string? TakeHubs(JsonObject document, JsonObject wanted)
    {
        var named = (document["iotHubs"] as JsonArray ?? [])
            .Append(document["iotHubHostName"]).Select(hub => hub?.ToString()).OfType<string>().Where(hub => hub.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        if (hubs is null || named.Count == 0)
        {
            // A single hub was chosen statically; any hub of ours is another policy.
            if (named.Count > 0 && string.Equals(TextOf(wanted, "allocationPolicy"), "static", StringComparison.OrdinalIgnoreCase))
            {
                wanted.Remove("allocationPolicy");
            }

            return null;
        }

        wanted["iotHubs"] = new JsonArray([.. named.Select(hub => (JsonNode)hubs.GetValueOrDefault(hub, hub))]);
        return null;
    }

    // {"additionalProperties":{"env":"prod"},"count":null,…} stands for {"env":"prod"}.
    private static JsonNode? Unwrap(JsonNode? node)
    {
        if (node is not JsonObject members)
        {
            return node?.DeepClone();
        }

        var isWrapped = members.ContainsKey("additionalProperties") && members.All(member => Wrapping.Contains(member.Key, StringComparer.Ordinal));
        var inner = isWrapped ? members["additionalProperties"] as JsonObject ?? [] : members;
        return new JsonObject(inner.Where(member => member.Key != "additionalProperties").Select(member => KeyValuePair.Create(member.Key, Unwrap(member.Value))));
    }

    private static bool IsKey(string? text) => text is { Length: > 0 } && !text.Contains('*', StringComparison.Ordinal);

    private static string? TextOf(JsonNode? node, string member) =>
        (node as JsonObject)?[member] is JsonValue value && value.TryGetValue<string>(out var text) && !string.IsNullOrWhiteSpace(text) ? text : null;
}
