using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Perennial.Authority.Proofs;

namespace Perennial.Server.Proofs;

/// <summary>A report with its signature, a JSON Web Signature with detached content (RFC 7515, appendix F) over the report's canonical form.</summary>
internal static class SignedProof
{
    /// <summary>The longest report that is looked at, in bytes.</summary>
    public const int MaxLength = 256 * 1024 * 1024;

    /// <summary>SHA-256 of a report, by which the next one names it.</summary>
    public static string HashOf(JsonNode report) => Convert.ToHexString(SHA256.HashData(CanonicalJson.Of(report)));

    public static JsonObject Sign(JsonObject report, ProofKey key)
    {
        var header = Base64Url.EncodeToString(CanonicalJson.Of(new JsonObject { ["alg"] = "ES256", ["kid"] = key.Id, ["typ"] = "perennial-proof+json" }));
        var signature = Base64Url.EncodeToString(key.Sign(InputOf(header, report)));
        return new JsonObject
        {
            ["report"] = report,
            ["sha256"] = HashOf(report),
            ["signature"] = $"{header}..{signature}",
            ["publicKey"] = key.PublicPem,
        };
    }

    /// <summary>Checks the file of a report, alone.</summary>
    /// <param name="text">The file.</param>
    /// <param name="keyId">The id of the key that has to have signed it; null for any.</param>
    /// <param name="report">The report, when nothing is wrong.</param>
    /// <returns>What is wrong, in one sentence; null when nothing is.</returns>
    public static string? FindFault(byte[] text, string? keyId, out JsonObject? report)
    {
        report = null;
        if (text.Length > MaxLength || Parse(text) is not { } proof || proof["report"] is not JsonObject found)
        {
            return "The file holds no report.";
        }

        if ((string?)proof["signature"] is not { } signature || signature.Split('.') is not [var header, "", var value]
            || (string?)proof["publicKey"] is not { } key || !Base64Url.IsValid(value))
        {
            return "The report is not signed.";
        }

        if (!ProofKey.Verify(key, InputOf(header, found), Base64Url.DecodeFromChars(value), out var id))
        {
            return "The report was changed after it was signed, or the signature is another's.";
        }

        if (keyId is not null && !string.Equals(keyId, id, StringComparison.OrdinalIgnoreCase))
        {
            return $"The report is signed by the key {id}, not by {keyId}.";
        }

        report = found;
        return null;
    }

    private static byte[] InputOf(string header, JsonObject report) => Encoding.ASCII.GetBytes($"{header}.{Base64Url.EncodeToString(CanonicalJson.Of(report))}");

    private static JsonObject? Parse(byte[] text)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
