using Perennial.Server.Users;

namespace Perennial.Server.Instances;

/// <summary>The OpenID provider at which users of the portal sign in.</summary>
internal sealed record OpenIdDocument
{
    /// <summary>Its address, below which its configuration is found.</summary>
    public required Uri Issuer { get; init; }

    public required string ClientId { get; init; }

    /// <summary>A file whose first line is the client's secret; null for a public client, which has none.</summary>
    public string? SecretFile { get; init; }

    /// <summary>The claim that tells the roles of a user.</summary>
    public string RoleClaim { get; init; } = "roles";

    /// <summary>Which value of that claim gives which role; the highest counts, and who has none is not let in.</summary>
    public IReadOnlyDictionary<string, UserRole> Roles { get; init; } = new Dictionary<string, UserRole>();
}
