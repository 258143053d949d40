using Perennial.Hub.Access;
using Perennial.Hub.Devices;
using Perennial.Protocol.Sas;

namespace Perennial.Server.Hubs;

/// <summary>Reads the text of a shared access signature into what the hub judges.</summary>
internal static class TokenReading
{
    /// <summary>The path that a token of a device, or of a module, must cover.</summary>
    public static string[] PathOf(DeviceId id) =>
        id.Module is { } module ? ["devices", id.Device, "modules", module] : ["devices", id.Device];

    /// <param name="text">The token as received.</param>
    /// <param name="hostName">The hub that is asked.</param>
    /// <param name="path">The decoded segments of what is asked for.</param>
    /// <param name="token">The token, when the text is one.</param>
    public static bool TryRead(string? text, string hostName, ReadOnlySpan<string> path, [NotNullWhen(true)] out PresentedToken? token)
    {
        token = null;
        if (!SharedAccessSignature.TryParse(text, out var signature))
        {
            return false;
        }

        token = Of(signature, hostName, path);
        return true;
    }

    /// <summary>What the hub judges of a token that was read.</summary>
    public static PresentedToken Of(SharedAccessSignature signature, string hostName, ReadOnlySpan<string> path) => new()
    {
        PolicyName = signature.KeyName,
        Expires = signature.Expiry,
        Covers = signature.Covers(hostName, StringComparison.Ordinal, path),
        IsSignedBy = key => signature.Verify(key.Span) || (signature.KeyName is not null && signature.Verify(Text(key.Span))),
    };

    // Event Hubs clients sign with the text of a policy's key, and not with what it stands for.
    private static byte[] Text(ReadOnlySpan<byte> key) => Encoding.ASCII.GetBytes(Convert.ToBase64String(key));
}
