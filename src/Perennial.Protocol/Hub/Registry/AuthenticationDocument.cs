using System.Text.Json.Serialization;

namespace Perennial.Protocol.Hub.Registry;

/// <summary>How a device proves itself. Both mechanisms are always written, with nulls for the one not in use.</summary>
/// <remarks>
/// <see cref="Type"/> is written last: a client's setters overwrite it when a thumbprint follows. Source: hub-protocol §4.2.
/// </remarks>
public sealed record AuthenticationDocument
{
    /// <summary>The keys.</summary>
    [JsonPropertyOrder(0)]
    public SymmetricKeyDocument? SymmetricKey { get; init; }

    /// <summary>The thumbprints.</summary>
    [JsonPropertyOrder(1)]
    public X509ThumbprintDocument? X509Thumbprint { get; init; }

    /// <summary>The mechanism in use.</summary>
    [JsonPropertyOrder(2)]
    public AuthenticationType? Type { get; init; }
}
