using System.Text.Json.Nodes;
using Perennial.X509;

namespace Perennial.Server.Imports;

/// <summary>Whether an enrollment attests already as a document asks.</summary>
internal static class AttestationMatch
{
    private static readonly string[] Slots = ["primary", "secondary"];

    /// <param name="asked">What is to be.</param>
    /// <param name="stored">What the server tells of the mechanism, with its keys.</param>
    public static bool IsSame(JsonNode? asked, JsonNode? stored)
    {
        if (!string.Equals((string?)asked?["type"], (string?)stored?["type"], StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        return IsSame(asked, stored, node => (string?)node?["tpm"]?["endorsementKey"])
            && Slots.All(slot => IsSame(asked, stored, node => (string?)node?["symmetricKey"]?[$"{slot}Key"])
                && IsSame(asked, stored, node => (string?)node?["x509"]?["caReferences"]?[slot])
                && IsSame(asked, stored, node => ThumbprintOf(node?["x509"]?["clientCertificates"]?[slot]))
                && IsSame(asked, stored, node => ThumbprintOf(node?["x509"]?["signingCertificates"]?[slot])));
    }

    /// <summary>The thumbprint that a slot tells, or that of the certificate in it; null for an empty slot.</summary>
    public static string? ThumbprintOf(JsonNode? slot)
    {
        if ((string?)slot?["certificate"] is { Length: > 0 } text && Pem.TryReadCertificates(text, out var certificates, out _))
        {
            return certificates[0].Thumbprint.ToString();
        }

        return (string?)slot?["info"]?["sha256Thumbprint"];
    }

    private static bool IsSame(JsonNode? asked, JsonNode? stored, Func<JsonNode?, string?> of) =>
        string.Equals(of(asked) ?? string.Empty, of(stored) ?? string.Empty, StringComparison.OrdinalIgnoreCase);
}
