using Perennial.Hub.Devices;
using Perennial.Protocol.Hub.Registry;

namespace Perennial.Server.Http;

/// <summary>Credentials of devices between the wire and the registry (hub-protocol §4.2).</summary>
internal static class AuthenticationDocuments
{
    public static AuthenticationDocument From(DeviceCredential credential) => new()
    {
        SymmetricKey = ShownOf(credential) is DeviceCredential.SymmetricKeys keys
            ? new SymmetricKeyDocument
            {
                PrimaryKey = Convert.ToBase64String(keys.Primary.Span),
                SecondaryKey = Convert.ToBase64String(keys.Secondary.Span),
            }
            : new SymmetricKeyDocument(),
        X509Thumbprint = Thumbprints(credential),
        Type = TypeOf(credential),
    };

    public static X509ThumbprintDocument Thumbprints(DeviceCredential credential) => ShownOf(credential) switch
    {
        DeviceCredential.Thumbprints slots => Document(slots),
        _ => new X509ThumbprintDocument(),
    };

    public static AuthenticationType TypeOf(DeviceCredential credential) => ShownOf(credential) switch
    {
        DeviceCredential.SymmetricKeys => AuthenticationType.Sas,
        DeviceCredential.CertificateAuthority => AuthenticationType.CertificateAuthority,
        _ => AuthenticationType.SelfSigned,
    };

    /// <summary>Reads a credential; null asks for new keys.</summary>
    public static bool TryRead(AuthenticationDocument? document, out DeviceCredential? credential, [NotNullWhen(false)] out string? fault)
    {
        credential = null;
        fault = null;
        switch (document?.Type ?? Guess(document))
        {
            case AuthenticationType.Sas:
                return document?.SymmetricKey is not { IsEmpty: false } keys || TryReadKeys(keys, out credential, out fault);
            case AuthenticationType.SelfSigned:
                return TryReadThumbprints(document?.X509Thumbprint, out credential, out fault);
            case AuthenticationType.CertificateAuthority:
                credential = new DeviceCredential.CertificateAuthority();
                return true;
            default:
                fault = "A device must have an authentication type other than none.";
                return false;
        }
    }

    private static DeviceCredential ShownOf(DeviceCredential credential) =>
        credential is DeviceCredential.FollowsEnrollment follows ? follows.Shown : credential;

    private static AuthenticationType Guess(AuthenticationDocument? document) =>
        document?.X509Thumbprint is { IsEmpty: false } ? AuthenticationType.SelfSigned : AuthenticationType.Sas;

    private static bool TryReadKeys(SymmetricKeyDocument document, out DeviceCredential? credential, [NotNullWhen(false)] out string? fault)
    {
        var isRead = TryReadKey(document.PrimaryKey, out var primary) & TryReadKey(document.SecondaryKey, out var secondary);
        credential = isRead && DeviceCredential.SymmetricKeys.TryCreate(primary, secondary, out var keys) ? keys : null;
        fault = credential is null ? "Both symmetric keys must be base64 of 16 to 64 bytes, or both be missing." : null;
        return credential is not null;
    }

    private static bool TryReadKey(string? text, out byte[] key)
    {
        key = new byte[text?.Length ?? 0];
        var isRead = Convert.TryFromBase64String(text ?? string.Empty, key, out var length);
        key = key[..length];
        return isRead;
    }

    private static bool TryReadThumbprints(
        X509ThumbprintDocument? document, out DeviceCredential? credential, [NotNullWhen(false)] out string? fault)
    {
        var isRead = DeviceCredential.Thumbprints.TryCreate(OrNull(document?.PrimaryThumbprint), OrNull(document?.SecondaryThumbprint), out var slots);
        credential = slots;
        fault = isRead ? null : "StringIsNotThumbprint: a thumbprint is 40 or 64 hexadecimal digits without separators.";
        return isRead;
    }

    private static string? OrNull(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static X509ThumbprintDocument Document(DeviceCredential.Thumbprints slots) =>
        new() { PrimaryThumbprint = slots.Primary, SecondaryThumbprint = slots.Secondary };
}
