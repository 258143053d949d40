using System.Text.Json.Nodes;
using Perennial.Server.Remote;

namespace Perennial.Server.Declarations;

/// <summary>Writes what a server holds as a fleet file that declares it, object by object.</summary>
/// <param name="api">The server.</param>
/// <param name="output">Where to.</param>
/// <param name="withSecrets">Whether symmetric keys are written; without them a server that reads the file makes new ones.</param>
internal sealed class WriteFleetFile(ServiceApi api, TextWriter output, bool withSecrets)
{
    private static readonly (string Member, string Key)[] Plain =
    [
        ("deviceId", "deviceId"), ("provisioningStatus", "provisioningStatus"), ("allocationPolicy", "allocationPolicy"), ("credentialPolicyName", "profile"),
        ("rollOffer", "rollOffer"),
    ];

    private static readonly (string Slot, string Prefix)[] Slots = [("primary", string.Empty), ("secondary", "secondary")];

    /// <returns>How many objects were written.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var count = await WriteAsync("certificates", RestNoun.Certificate.List(), WriteCertificateAsync, cancellationToken);
        count += await WriteAsync("enrollmentGroups", RestNoun.Group.Query("SELECT * FROM enrollmentGroups"), item => WriteEnrollmentAsync(RestNoun.Group, item, cancellationToken), cancellationToken);
        return count + await WriteAsync("enrollments", RestNoun.Enrollment.Query("SELECT * FROM enrollments"), item => WriteEnrollmentAsync(RestNoun.Enrollment, item, cancellationToken), cancellationToken);
    }

    private async Task<int> WriteAsync(string section, ServiceRequest list, Func<JsonObject, Task> write, CancellationToken cancellationToken)
    {
        await output.WriteAsync($"{section}:\n");
        var count = 0;
        await foreach (var item in api.ListAsync(list, cancellationToken))
        {
            await write(item);
            count++;
        }

        return count;
    }

    private async Task WriteCertificateAsync(JsonObject item)
    {
        await output.WriteAsync($"  - name: {Quoted(item["name"]!)}\n");
        var text = (string)item["properties"]!["certificate"]!;
        await WriteCertificateAsync("certificate", X509.Pem.TryReadCertificates(text, out var read, out _) ? X509.Pem.Write(read[0]) : text);
        await output.WriteAsync($"    verified: {item["properties"]!["isVerified"]!.ToJsonString()}\n");
    }

    private async Task WriteEnrollmentAsync(RestNoun noun, JsonObject item, CancellationToken cancellationToken)
    {
        var id = (string)item[noun.IdMember]!;
        await output.WriteAsync($"  - id: {Quoted(id)}\n");
        await WriteAttestationAsync(noun, (await api.DemandAsync(noun.Post(id, "/attestationmechanism"), cancellationToken)).Document);
        foreach (var (member, key) in Plain)
        {
            await WriteAsync(key, item[member]);
        }

        if (item["iotHubs"] is JsonArray { Count: > 0 } hubs)
        {
            await output.WriteAsync($"    iotHubs: {hubs.ToJsonString()}\n");
        }

        var policy = item["reprovisionPolicy"];
        await WriteAsync("reprovisionPolicy", (bool?)policy?["updateHubAssignment"] == false ? "never" : (bool?)policy?["migrateDeviceData"] == false ? "reset" : "migrate");
        await output.WriteAsync($"    edgeEnabled: {((bool?)item["capabilities"]?["iotEdge"] == true ? "true" : "false")}\n");
        await WriteAsync("webhookUrl", item["customAllocationDefinition"]?["webhookUrl"]);
        if (item["initialTwin"] is JsonObject twin)
        {
            await output.WriteAsync($"    initialTwin: {twin.ToJsonString()}\n");
        }
    }

    private async Task WriteAttestationAsync(RestNoun noun, JsonObject attestation)
    {
        var x509 = attestation["x509"];
        foreach (var (slot, prefix) in Slots)
        {
            await WriteSlotAsync(Named(prefix, "certificate"), x509?[noun.HoldsSigners ? "signingCertificates" : "clientCertificates"]?[slot]);
            await WriteSlotAsync(Named(prefix, "signingCertificate"), noun.HoldsSigners ? null : x509?["signingCertificates"]?[slot]);
            await WriteAsync(Named(prefix, "caName"), x509?["caReferences"]?[slot]);
            await WriteAsync($"{slot}Key", withSecrets ? attestation["symmetricKey"]?[$"{slot}Key"] : null);
        }

        if ((string?)attestation["type"] == "symmetricKey")
        {
            await output.WriteAsync("    symmetricKey: true\n");
        }

        await WriteAsync("endorsementKey", attestation["tpm"]?["endorsementKey"]);
        await WriteAsync("storageRootKey", attestation["tpm"]?["storageRootKey"]);
    }

    private Task WriteSlotAsync(string key, JsonNode? slot) => (string?)slot?["certificate"] is { } pem ? WriteCertificateAsync(key, pem) : Task.CompletedTask;

    private Task WriteCertificateAsync(string key, string pem) =>
        output.WriteAsync($"    {key}: |\n{string.Concat(pem.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(line => $"      {line}\n"))}");

    private async Task WriteAsync(string key, JsonNode? value)
    {
        if (value is not null)
        {
            await output.WriteAsync($"    {key}: {Quoted(value)}\n");
        }
    }

    private static string Named(string prefix, string name) => prefix.Length == 0 ? name : prefix + char.ToUpperInvariant(name[0]) + name[1..];

    // JSON is YAML.
    private static string Quoted(JsonNode value) => value.ToJsonString();
}
