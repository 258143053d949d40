using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace Perennial.Testing;

/// <summary>The attestation of an enrollment as the service API takes it (dps-protocol §7.6).</summary>
internal static class EnrollmentJson
{
    public static JsonObject Certificates(string kind, X509Certificate2 primary, X509Certificate2? secondary) => new()
    {
        ["type"] = "x509",
        ["x509"] = new JsonObject
        {
            [kind] = new JsonObject
            {
                ["primary"] = Slot(primary),
                ["secondary"] = secondary is null ? null : Slot(secondary),
            },
        },
    };

    public static JsonObject Keys() => new() { ["type"] = "symmetricKey", ["symmetricKey"] = new JsonObject() };

    private static JsonObject Slot(X509Certificate2 certificate) => new() { ["certificate"] = certificate.ExportCertificatePem() };
}
