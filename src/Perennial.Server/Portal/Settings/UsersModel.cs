namespace Perennial.Server.Portal.Settings;

/// <summary>What the page of users shows.</summary>
public sealed record UsersModel
{
    public required IReadOnlyList<UserLine> Users { get; init; }

    public required DateTimeOffset Now { get; init; }

    /// <summary>The address that was made for a user, shown once; null when none was.</summary>
    public KeysModel? Invitation { get; init; }

    public string? Done { get; init; }

    public string? Fault { get; init; }
}
