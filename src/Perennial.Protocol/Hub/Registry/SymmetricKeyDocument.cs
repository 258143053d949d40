using System.Text.Json.Serialization;

namespace Perennial.Protocol.Hub.Registry;

/// <summary>The two keys of a device, base64. Source: hub-protocol §4.2.</summary>
public sealed class SymmetricKeyDocument
{
    /// <summary>The primary key.</summary>
    public string? PrimaryKey { get; init; }

    /// <summary>The secondary key.</summary>
    public string? SecondaryKey { get; init; }

    /// <summary>Whether both are missing or empty, which asks the hub to make a pair.</summary>
    [JsonIgnore]
    public bool IsEmpty => string.IsNullOrEmpty(PrimaryKey) && string.IsNullOrEmpty(SecondaryKey);
}
