namespace Perennial.Server.Users;

/// <summary>Someone who may use the portal.</summary>
internal sealed record User
{
    public required UserName Name { get; init; }

    public required UserRole Role { get; init; }

    /// <summary>Signs in at the OpenID provider, which also says the role.</summary>
    public bool IsExternal { get; init; }

    /// <summary>Null for who has none: an external user, or one who comes by invitations alone.</summary>
    public PasswordHash? Password { get; init; }

    /// <summary>The secret of the one-time codes; null for who signs in without.</summary>
    public OneTimeCodes? Codes { get; init; }

    public required DateTimeOffset Created { get; init; }

    public DateTimeOffset? SignedIn { get; init; }

    /// <summary>How the user stands in the audit trail.</summary>
    public string Actor => $"user {Name}";
}
