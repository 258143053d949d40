namespace Perennial.Hub.Access;

/// <summary>A shared access signature as a peer presented it; nothing of it is proven yet.</summary>
public sealed record PresentedToken
{
    /// <summary>The policy whose key is said to sign it; null for a device's own key.</summary>
    public string? PolicyName { get; init; }

    public required DateTimeOffset Expires { get; init; }

    /// <summary>The token's resource covers what is asked for.</summary>
    public required bool Covers { get; init; }

    /// <summary>Tells, in constant time, whether this key signed the token.</summary>
    public required Func<ReadOnlyMemory<byte>, bool> IsSignedBy { get; init; }

    /// <summary>The instant it expires; the signature stays out of logs.</summary>
    public override string ToString() => $"token until {Expires:O}";
}
