namespace Perennial.Server.Instances;

/// <summary>How the portal is entered.</summary>
internal sealed record PortalDocument
{
    /// <summary>A session ends when it is not used for so long.</summary>
    public TimeSpan SessionIdle { get; init; } = TimeSpan.FromHours(8);

    /// <summary>Where browsers reach the portal, when that is a proxy in front of it; null for its own address.</summary>
    public Uri? Url { get; init; }

    /// <summary>Where users sign in who are not of this server; null for nowhere.</summary>
    public OpenIdDocument? OpenId { get; init; }

    /// <summary>Whether browsers reach it over TLS.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsSecure => Url?.Scheme == Uri.UriSchemeHttps;
}
