using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Perennial.Protocol.Sas;

/// <summary>A shared access signature token: <c>SharedAccessSignature sr={resource}&amp;sig={signature}&amp;se={expiry}[&amp;skn={name}]</c>.</summary>
/// <remarks>
/// The signature covers the resource and the expiry exactly as they were written, so both are kept raw.
/// Source: dps-protocol §4.1, hub-protocol §0.4.
/// </remarks>
public sealed class SharedAccessSignature
{
    /// <summary>The longest token that is read.</summary>
    public const int MaxLength = 4096;

    /// <summary>The word that starts every token and names the HTTP authorisation scheme.</summary>
    public const string Scheme = "SharedAccessSignature";

    private readonly byte[] _signature;

    private SharedAccessSignature(SharedAccessSignatureFields fields, byte[] signature, long seconds)
    {
        _signature = signature;
        RawResource = fields.Resource!;
        RawExpiry = fields.Expiry!;
        KeyName = fields.KeyName is null ? null : Uri.UnescapeDataString(fields.KeyName);
        Expiry = seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.MaxValue
            : DateTimeOffset.FromUnixTimeSeconds(seconds);
    }

    /// <summary>The field <c>sr</c> exactly as it appears in the token.</summary>
    public string RawResource { get; }

    /// <summary>The field <c>se</c> exactly as it appears in the token.</summary>
    public string RawExpiry { get; }

    /// <summary>The decoded field <c>skn</c>: the policy whose key signed, <c>registration</c> for devices, or null.</summary>
    public string? KeyName { get; }

    /// <summary>The end of the token's life.</summary>
    public DateTimeOffset Expiry { get; }

    /// <summary>Reads a token. Fields may come in any order; a field given twice, or one of <c>sr</c>, <c>sig</c>, <c>se</c> missing, is a fault.</summary>
    /// <param name="text">The token as received.</param>
    /// <param name="signature">The token, when it could be read.</param>
    /// <returns>Whether it could be read. The signature is not yet verified.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out SharedAccessSignature? signature)
    {
        signature = null;
        if (!SharedAccessSignatureFields.TryParse(text, out var fields)
            || !long.TryParse(fields.Expiry, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return false;
        }

        var bytes = new byte[HMACSHA256.HashSizeInBytes];
        var base64 = Uri.UnescapeDataString(fields.Signature!);
        if (!Convert.TryFromBase64String(base64, bytes, out var written) || written != bytes.Length)
        {
            return false;
        }

        signature = new SharedAccessSignature(fields, bytes, seconds);
        return true;
    }

    /// <summary>Makes a token, as our own clients send it.</summary>
    /// <param name="resource">The resource, not encoded, for instance <c>{idScope}/registrations/{registrationId}</c>.</param>
    /// <param name="key">The key.</param>
    /// <param name="expiry">The end of its life, kept to the second.</param>
    /// <param name="keyName">The policy name, <c>registration</c> for devices of the provisioning service, or null.</param>
    /// <returns>The token.</returns>
    public static string Create(string resource, ReadOnlySpan<byte> key, DateTimeOffset expiry, string? keyName)
    {
        var rawResource = Uri.EscapeDataString(resource);
        var rawExpiry = expiry.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signature = Uri.EscapeDataString(Convert.ToBase64String(Sign(rawResource, rawExpiry, key)));
        var token = $"{Scheme} sr={rawResource}&sig={signature}&se={rawExpiry}";
        return keyName is null ? token : $"{token}&skn={Uri.EscapeDataString(keyName)}";
    }

    /// <summary>Whether the key signed this token. Takes the same time whatever the signature holds.</summary>
    /// <param name="key">The key; an empty one verifies nothing.</param>
    /// <returns>Whether the signature is of this key.</returns>
    public bool Verify(ReadOnlySpan<byte> key) =>
        !key.IsEmpty && CryptographicOperations.FixedTimeEquals(Sign(RawResource, RawExpiry, key), _signature);

    /// <summary>Whether the token's life is over.</summary>
    /// <param name="at">The instant to judge by.</param>
    /// <param name="skew">How long after its end the token is still taken, because clocks differ; five minutes is usual.</param>
    /// <returns>Whether it has expired.</returns>
    public bool IsExpired(DateTimeOffset at, TimeSpan skew) => at - Expiry >= skew;

    /// <summary>Whether the token is for exactly this registration.</summary>
    /// <param name="idScope">The id scope; compared without case.</param>
    /// <param name="registrationId">The registration id; compared without case.</param>
    /// <returns>Whether the decoded resource is <c>{idScope}/registrations/{registrationId}</c>.</returns>
    public bool IsForRegistration(string idScope, string registrationId) =>
        SasResource.TryParse(RawResource, out var resource)
        && resource.Equals(idScope, StringComparison.OrdinalIgnoreCase, "registrations", registrationId);

    /// <summary>Whether the token covers a resource of a host: its own resource is the host, or the host and leading segments of the path.</summary>
    /// <param name="host">The host name, without port; compared without case.</param>
    /// <param name="comparison">How path segments compare: ordinal for the hub, without case for the provisioning service.</param>
    /// <param name="path">The decoded segments of the path asked for.</param>
    /// <returns>Whether the resource is covered.</returns>
    public bool Covers(string host, StringComparison comparison, params ReadOnlySpan<string> path) =>
        SasResource.TryParse(RawResource, out var resource) && resource.Covers(host, comparison, path);

    /// <summary>The token without its signature.</summary>
    /// <returns>A text fit for logs.</returns>
    public override string ToString() => $"{Scheme} sr={RawResource}&se={RawExpiry}";

    private static byte[] Sign(string rawResource, string rawExpiry, ReadOnlySpan<byte> key) =>
        HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{rawResource}\n{rawExpiry}"));
}
