using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Perennial.Provisioning;
using Perennial.Provisioning.Attestation;
using Perennial.Server.Connections;
using Perennial.X509;

namespace Perennial.Server.Est;

/// <summary>
/// Reads which device an EST client is: by the certificate of its handshake (RFC 7030 §3.3.2), or by HTTP Basic with its registration id and its key in
/// base64 (§3.2.3). A certificate goes first.
/// </summary>
internal static class EstPeer
{
    private const string Basic = "Basic ";
    private const int MaxCredentials = 1024;

    /// <summary>A key stands for itself, not for a token; it lives as long as the request.</summary>
    private static readonly TimeSpan KeyLife = TimeSpan.FromMinutes(1);

    /// <param name="context">The request.</param>
    /// <param name="at">Now.</param>
    /// <param name="device">The device.</param>
    /// <param name="refusal">Why there is none.</param>
    public static bool TryRead(
        HttpContext context, DateTimeOffset at, [NotNullWhen(true)] out AuthenticatedDevice? device, [NotNullWhen(false)] out Refusal? refusal)
    {
        var presented = context.Features.Get<PresentedCertificates>();
        return presented is { IsEmpty: false } ? TryByCertificate(presented, out device, out refusal) : TryByKey(context, at, out device, out refusal);
    }

    private static bool TryByCertificate(
        PresentedCertificates presented, [NotNullWhen(true)] out AuthenticatedDevice? device, [NotNullWhen(false)] out Refusal? refusal)
    {
        device = null;
        if (!presented.TryGetChain(out var chain, out refusal) || !chain.Leaf.TryGetCommonName(out var name, out refusal))
        {
            return false;
        }

        if (RegistrationId.TryParse(name.Value, out var id))
        {
            return Authenticate.TryByCertificate(id, chain, out device, out refusal);
        }

        refusal = new Refusal(CertificateRefusals.NoCommonName, $"The common name '{name}' cannot be a registration id.");
        return false;
    }

    private static bool TryByKey(
        HttpContext context, DateTimeOffset at, [NotNullWhen(true)] out AuthenticatedDevice? device, [NotNullWhen(false)] out Refusal? refusal)
    {
        device = null;
        if (!TryReadBasic(context.Request.Headers.Authorization, out var id, out var key))
        {
            refusal = new Refusal(ConnectionRefusals.NoCredential, "No certificate came with the TLS handshake, and no HTTP Basic with a registration id and a key.");
            return false;
        }

        var shown = new DeviceToken
        {
            Expires = at + KeyLife,
            IsForDevice = true,
            IsSignedBy = held => CryptographicOperations.FixedTimeEquals(held.Span, key),
        };
        return Authenticate.TryByToken(id, new DeviceProof.ByToken(shown), at, out device, out refusal);
    }

    private static bool TryReadBasic(string? header, [NotNullWhen(true)] out RegistrationId? id, out byte[] key)
    {
        id = null;
        key = [];
        if (header is not { Length: <= MaxCredentials } || !header.StartsWith(Basic, StringComparison.OrdinalIgnoreCase)
            || !TryDecode(header[Basic.Length..], out var credentials))
        {
            return false;
        }

        var text = Encoding.UTF8.GetString(credentials);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && RegistrationId.TryParse(text[..colon], out id) && TryDecode(text[(colon + 1)..], out key);
    }

    private static bool TryDecode(string text, out byte[] bytes)
    {
        bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        var isBase64 = Convert.TryFromBase64String(text, bytes, out var length);
        bytes = isBase64 ? bytes[..length] : [];
        return isBase64;
    }
}
