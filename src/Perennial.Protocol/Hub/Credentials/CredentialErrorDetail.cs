namespace Perennial.Protocol.Hub.Credentials;

/// <summary>More about a request for a certificate that failed. Source: hub-protocol §7.1.</summary>
public sealed record CredentialErrorDetail
{
    /// <summary>The operation.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>What is wrong with the request, in one word.</summary>
    public string? CredentialError { get; init; }

    /// <summary>The same for a person.</summary>
    public string? CredentialMessage { get; init; }

    /// <summary>The pending request that stands in the way.</summary>
    public string? RequestId { get; init; }

    /// <summary>When that one is dropped.</summary>
    public DateTimeOffset? OperationExpires { get; init; }
}
