using System.Text.Json.Serialization;

namespace Perennial.X509.Tests.Limbo;

/// <summary>One case of the x509-limbo corpus, the fields that are used here.</summary>
public sealed record LimboCase
{
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    [JsonPropertyName("features")]
    public IReadOnlyList<string> Features { get; init; } = [];

    [JsonPropertyName("validation_kind")]
    public required string ValidationKind { get; init; }

    [JsonPropertyName("trusted_certs")]
    public IReadOnlyList<string> TrustedCertificates { get; init; } = [];

    [JsonPropertyName("untrusted_intermediates")]
    public IReadOnlyList<string> Intermediates { get; init; } = [];

    [JsonPropertyName("peer_certificate")]
    public required string PeerCertificate { get; init; }

    [JsonPropertyName("validation_time")]
    public DateTimeOffset? ValidationTime { get; init; }

    [JsonPropertyName("max_chain_depth")]
    public int? MaxChainDepth { get; init; }

    [JsonPropertyName("expected_result")]
    public required string ExpectedResult { get; init; }

    public bool MustBeAccepted => ExpectedResult == "SUCCESS";

    public override string ToString() => Id;
}
