using System.Globalization;
using System.Security.Cryptography;

namespace Perennial.Server.Notices;

/// <summary>
/// Signs a notice as the Standard Webhooks specification 1.0 has it: HMAC-SHA256 over <c>id.timestamp.body</c>, in base64 behind <c>v1,</c>,
/// one signature for each key with a space between.
/// </summary>
internal static class WebhookSignature
{
    public const string IdHeader = "webhook-id";

    public const string TimestampHeader = "webhook-timestamp";

    public const string SignatureHeader = "webhook-signature";

    private const string KeyPrefix = "whsec_";

    public static string Of(Webhook webhook, Notice notice, long unixSeconds)
    {
        var signed = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{notice.Id}.{unixSeconds}.{notice.Body}"));
        return $"v1,{Convert.ToBase64String(HMACSHA256.HashData(webhook.PrimaryKey.Span, signed))} "
            + $"v1,{Convert.ToBase64String(HMACSHA256.HashData(webhook.SecondaryKey.Span, signed))}";
    }

    /// <summary>A key as receivers' libraries take it.</summary>
    public static string Text(ReadOnlyMemory<byte> key) => KeyPrefix + Convert.ToBase64String(key.Span);
}
