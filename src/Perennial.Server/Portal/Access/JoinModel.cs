namespace Perennial.Server.Portal.Access;

/// <summary>What an invitation shows to who holds it.</summary>
public sealed record JoinModel
{
    public required string Token { get; init; }

    /// <summary>The user's name; null when the guest chooses it.</summary>
    public string? Invited { get; init; }

    /// <summary>What the guest typed as a name.</summary>
    public string? Name { get; init; }

    public required string Role { get; init; }

    public bool NeedsPassword { get; init; }

    /// <summary>The secret of the codes in groups of letters; null when there are to be none.</summary>
    public string? Secret { get; init; }

    public string? SecretUri { get; init; }

    /// <summary>The address as a picture: the path of its dark modules, and how many there are to a side.</summary>
    public string? PicturePath { get; init; }

    public int PictureSize { get; init; }

    public string? Fault { get; init; }
}
