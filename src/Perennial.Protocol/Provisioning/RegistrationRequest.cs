using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Provisioning;

/// <summary>The body of a register request. Every member is optional; clients also send nothing at all, or nulls.</summary>
/// <remarks>Source: dps-protocol §1.4, §2.1.</remarks>
public sealed record RegistrationRequest : IWireDocument<RegistrationRequest>
{
    /// <summary>The longest body that is read, 96 KiB.</summary>
    public const int MaxLength = 96 * 1024;

    private static readonly RegistrationRequest Empty = new();

    /// <inheritdoc/>
    static JsonTypeInfo<RegistrationRequest> IWireDocument<RegistrationRequest>.TypeInfo => ProvisioningJson.Default.RegistrationRequest;

    /// <summary>The registration id; when present it must equal the authenticated one.</summary>
    public string? RegistrationId { get; init; }

    /// <summary>What the device wants the allocation to know: any JSON; null for none.</summary>
    public JsonNode? Payload { get; init; }

    /// <summary>A certificate signing request in base64 (preview, dps-protocol §10.2).</summary>
    public string? Csr { get; init; }

    /// <summary>The keys of a TPM.</summary>
    public TpmKeys? Tpm { get; init; }

    /// <summary>Reads a body; an empty one, white space and <c>null</c> mean a request without members.</summary>
    /// <param name="utf8">The body as received.</param>
    /// <param name="request">The request, when the body could be read.</param>
    /// <returns>Whether it could be read.</returns>
    public static bool TryParse(ReadOnlySpan<byte> utf8, [NotNullWhen(true)] out RegistrationRequest? request)
    {
        request = null;
        if (utf8.Length > MaxLength)
        {
            return false;
        }

        var text = utf8.Trim(" \t\r\n"u8);
        if (text.IsEmpty || text.SequenceEqual("null"u8))
        {
            request = Empty;
            return true;
        }

        return WireJson.TryParse(text, out request);
    }
}
