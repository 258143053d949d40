namespace Perennial.Server.Users;

/// <summary>The right to become a user, or to set one's password and codes anew. It is used once.</summary>
internal sealed record Invitation
{
    /// <summary>How long an invitation of a named user can be accepted.</summary>
    public static readonly TimeSpan Validity = TimeSpan.FromDays(7);

    /// <summary>SHA-256 of its token.</summary>
    public required byte[] Token { get; init; }

    /// <summary>Null lets the guest choose: the first administrator.</summary>
    public UserName? Name { get; init; }

    public required UserRole Role { get; init; }

    /// <summary>The secret of the codes that the guest enrolls; null when signing in needs none.</summary>
    public OneTimeCodes? Codes { get; init; }

    /// <summary>False signs the guest in without more.</summary>
    public bool NeedsPassword { get; init; } = true;

    /// <summary>Null until it is used.</summary>
    public DateTimeOffset? Ends { get; init; }
}
