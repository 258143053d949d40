namespace Perennial.Provisioning;

/// <summary>A shared access signature as a device presented it; nothing of it is proven yet.</summary>
public sealed record DeviceToken
{
    /// <summary>How long after its end a token is still taken, because clocks differ.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    public required DateTimeOffset Expires { get; init; }

    /// <summary>The token's resource is the device that announced itself, and its key name is one that a device uses.</summary>
    public required bool IsForDevice { get; init; }

    /// <summary>Tells, in constant time, whether this key signed the token.</summary>
    public required Func<ReadOnlyMemory<byte>, bool> IsSignedBy { get; init; }

    public bool IsSigned(SymmetricKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return IsSignedBy(key.Bytes);
    }

    /// <summary>The instant it expires; the signature stays out of logs.</summary>
    public override string ToString() => $"token until {Expires:O}";
}
