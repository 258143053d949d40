namespace Perennial.X509;

/// <summary>What a <see cref="ChainPolicy"/> asks of certificates beyond RFC 5280.</summary>
public sealed record ChainPolicyOptions
{
    /// <summary>The purpose TLS client authentication, id-kp-clientAuth.</summary>
    public const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    /// <summary>The purpose TLS server authentication, id-kp-serverAuth.</summary>
    public const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>How far the clocks of issuer and service may differ; default 5 minutes. Widens every validity at both ends.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The purpose that every extended key usage on a path must include; default client authentication. Null asks for none.</summary>
    public string? RequiredPurpose { get; init; } = ClientAuthentication;

    /// <summary>Whether a leaf must have exactly one ASCII common name; default true, since that is a device's registration id.</summary>
    public bool RequireCommonName { get; init; } = true;

    /// <summary>Most intermediates between leaf and anchor that are not self-issued; default and most 5.</summary>
    public int MaxIntermediates { get; init; } = CertificateChain.MaxIssuers;
}
