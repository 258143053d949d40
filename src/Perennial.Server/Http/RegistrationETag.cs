using Perennial.Protocol;

namespace Perennial.Server.Http;

/// <summary>ETags of registrations: on the wire base64 of the quoted value, as the real service writes them (dps-protocol §7.3).</summary>
internal static class RegistrationETag
{
    public static string Format(string etag) => Convert.ToBase64String(Encoding.ASCII.GetBytes($"\"{etag}\""));

    /// <summary>The stored form of what a client sent; null for any.</summary>
    public static string? Parse(string? text)
    {
        var etag = ETag.Parse(text);
        if (etag.IsMissing || etag.IsAny)
        {
            return null;
        }

        var buffer = new byte[ETag.MaxLength];
        return Convert.TryFromBase64String(etag.Value!, buffer, out var written)
            ? ETag.Parse(Encoding.ASCII.GetString(buffer, 0, written)).Value
            : etag.Value;
    }
}
