using System.Text.Json.Serialization;

namespace Perennial.Protocol.Hub.Registry;

/// <summary>The thumbprints in the two slots of a device. Source: hub-protocol §4.2.</summary>
public sealed record X509ThumbprintDocument
{
    /// <summary>The primary slot.</summary>
    public string? PrimaryThumbprint { get; init; }

    /// <summary>The secondary slot.</summary>
    public string? SecondaryThumbprint { get; init; }

    /// <summary>Whether both slots are empty.</summary>
    [JsonIgnore]
    public bool IsEmpty => string.IsNullOrEmpty(PrimaryThumbprint) && string.IsNullOrEmpty(SecondaryThumbprint);

    /// <summary>Whether a text is a thumbprint: 40 (SHA-1) or 64 (SHA-256) hexadecimal digits without separators.</summary>
    /// <param name="text">The text.</param>
    /// <returns>Whether it is; otherwise the request is answered with 400.</returns>
    public static bool IsThumbprint(string? text) => text is { Length: 40 or 64 } && text.All(char.IsAsciiHexDigit);
}
