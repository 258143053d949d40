using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Hub.Credentials;

/// <summary>Any other answer: why no certificate was issued. Source: hub-protocol §7.1.</summary>
public sealed record CredentialErrorDocument : IWireDocument<CredentialErrorDocument>
{
    /// <inheritdoc/>
    static JsonTypeInfo<CredentialErrorDocument> IWireDocument<CredentialErrorDocument>.TypeInfo => CredentialJson.Default.CredentialErrorDocument;

    /// <summary>Six digits, of which the first three are the status.</summary>
    public required int ErrorCode { get; init; }

    /// <summary>The text for a person.</summary>
    public required string Message { get; init; }

    /// <summary>For finding the event in the hub's log.</summary>
    public string? TrackingId { get; init; }

    /// <summary>When it happened.</summary>
    public DateTimeOffset? TimestampUtc { get; init; }

    /// <summary>Seconds to wait before asking again; left out when none is asked for.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>More about the request.</summary>
    public CredentialErrorDetail? Info { get; init; }
}
