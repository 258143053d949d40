using System.Text.Json.Nodes;

namespace Perennial.CommandLine.Tests;

/// <summary>Documents as <c>az iot dps enrollment list</c> and <c>enrollment-group list</c> print them, with every member that those print.</summary>
internal static class AzureExport
{
    public const string Hub = "contoso.azure-devices.net";

    public static string Enrollments(params JsonObject[] documents) => new JsonArray([.. documents]).ToJsonString(new() { WriteIndented = true });

    /// <summary>An individual enrollment with a certificate, or with what the service tells of one.</summary>
    public static JsonObject X509(string id, string? certificate, string? thumbprint = null) => Of("registrationId", id, new JsonObject
    {
        ["symmetricKey"] = null,
        ["tpm"] = null,
        ["type"] = "x509",
        ["x509"] = new JsonObject
        {
            ["caReferences"] = null,
            ["clientCertificates"] = new JsonObject { ["primary"] = Slot(certificate, thumbprint), ["secondary"] = null },
            ["signingCertificates"] = null,
        },
    });

    public static JsonObject Group(string id, string certificate) => Of("enrollmentGroupId", id, new JsonObject
    {
        ["symmetricKey"] = null,
        ["tpm"] = null,
        ["type"] = "x509",
        ["x509"] = new JsonObject
        {
            ["caReferences"] = null,
            ["clientCertificates"] = null,
            ["signingCertificates"] = new JsonObject { ["primary"] = Slot(certificate, null), ["secondary"] = null },
        },
    });

    public static JsonObject Keys(string id, string? primary, string? secondary, string member = "registrationId") => Of(member, id, new JsonObject
    {
        ["symmetricKey"] = new JsonObject { ["primaryKey"] = primary, ["secondaryKey"] = secondary },
        ["tpm"] = null,
        ["type"] = "symmetricKey",
        ["x509"] = null,
    });

    public static JsonObject Tpm(string id, string endorsementKey) => Of("registrationId", id, new JsonObject
    {
        ["symmetricKey"] = null,
        ["tpm"] = new JsonObject { ["endorsementKey"] = endorsementKey, ["storageRootKey"] = null },
        ["type"] = "tpm",
        ["x509"] = null,
    });

    private static JsonObject Slot(string? certificate, string? thumbprint) => new()
    {
        ["certificate"] = certificate,
        ["info"] = new JsonObject
        {
            ["issuerName"] = "CN=Contoso Factory",
            ["notAfterUtc"] = "2036-01-01T00:00:00Z",
            ["notBeforeUtc"] = "2026-01-01T00:00:00Z",
            ["serialNumber"] = "6D1C0AF2",
            ["sha1Thumbprint"] = "4B1B0E3F5D2C7A9E8F6A5B4C3D2E1F0A9B8C7D6E",
            ["sha256Thumbprint"] = thumbprint,
            ["subjectName"] = "CN=device",
            ["version"] = 3,
        },
    };

    private static JsonObject Of(string idMember, string id, JsonObject attestation) => new()
    {
        ["allocationPolicy"] = "hashed",
        ["attestation"] = attestation,
        ["capabilities"] = new JsonObject { ["iotEdge"] = false },
        ["createdDateTimeUtc"] = "2024-03-01T10:11:12.1234567Z",
        ["customAllocationDefinition"] = null,
        ["deviceId"] = idMember == "registrationId" ? $"device-of-{id}" : null,
        [idMember] = id,
        ["etag"] = "\"6b009a12-0000-0d00-0000-65e1a2b30000\"",
        ["initialTwin"] = new JsonObject
        {
            ["properties"] = new JsonObject
            {
                ["additionalProperties"] = null,
                ["desired"] = new JsonObject { ["additionalProperties"] = new JsonObject { ["interval"] = 30 }, ["count"] = null, ["metadata"] = null, ["version"] = null },
            },
            ["tags"] = new JsonObject { ["additionalProperties"] = new JsonObject { ["site"] = "north" }, ["count"] = null, ["metadata"] = null, ["version"] = null },
        },
        ["iotHubHostName"] = null,
        ["iotHubs"] = new JsonArray(Hub),
        ["lastUpdatedDateTimeUtc"] = "2024-03-02T10:11:12.1234567Z",
        ["optionalDeviceInformation"] = null,
        ["provisioningStatus"] = "enabled",
        ["registrationState"] = null,
        ["reprovisionPolicy"] = new JsonObject { ["migrateDeviceData"] = true, ["updateHubAssignment"] = true },
    };
}
