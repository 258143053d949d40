using Perennial.Server.Users;

namespace Perennial.Server.Instances;

/// <summary>What the operator asked of the portal at this start; null, or empty, means what the data folder says.</summary>
internal sealed record PortalOptions
{
    public Uri? Url { get; init; }

    public TimeSpan? SessionIdle { get; init; }

    public Uri? Issuer { get; init; }

    public string? ClientId { get; init; }

    public string? SecretFile { get; init; }

    public string? RoleClaim { get; init; }

    public IReadOnlyList<KeyValuePair<string, UserRole>> Roles { get; init; } = [];

    /// <summary>What the portal becomes: options win over what is stored, what is stored over defaults.</summary>
    public PortalDocument Apply(PortalDocument? stored)
    {
        stored ??= new PortalDocument();
        return stored with
        {
            Url = Url ?? stored.Url,
            SessionIdle = SessionIdle ?? stored.SessionIdle,
            OpenId = Apply(stored.OpenId),
        };
    }

    private OpenIdDocument? Apply(OpenIdDocument? stored)
    {
        if ((Issuer ?? stored?.Issuer) is not { } issuer)
        {
            return null;
        }

        return new OpenIdDocument
        {
            Issuer = issuer,
            ClientId = ClientId ?? stored?.ClientId ?? throw new OperatorException("--portal-openid-issuer needs --portal-openid-client too."),
            SecretFile = SecretFile is null ? stored?.SecretFile : Path.GetFullPath(SecretFile),
            RoleClaim = RoleClaim ?? stored?.RoleClaim ?? "roles",
            Roles = Roles.Count > 0 ? Roles.ToDictionary(role => role.Key, role => role.Value, StringComparer.Ordinal) : stored?.Roles ?? new Dictionary<string, UserRole>(),
        };
    }
}
