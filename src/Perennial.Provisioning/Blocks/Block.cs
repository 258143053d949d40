using Perennial.X509;

namespace Perennial.Provisioning.Blocks;

/// <summary>A credential, a device or a group that is refused everywhere, whatever enrollment would take it.</summary>
public sealed record Block
{
    /// <summary>The longest reason, in characters.</summary>
    public const int MaxReasonLength = 500;

    public required BlockKind Kind { get; init; }

    /// <summary>The thumbprint, the registration id, or the id of the group; compared without case.</summary>
    public required string Name { get; init; }

    /// <summary>The authority's certificate, of which the key counts; null for the other kinds.</summary>
    public Certificate? Issuer { get; init; }

    /// <summary>Not null when what is blocked may still do one thing: obtain a new certificate.</summary>
    public DrainTerms? Drain { get; init; }

    /// <summary>Why, for the record.</summary>
    public required string Reason { get; init; }

    public required string Actor { get; init; }

    public required DateTimeOffset At { get; init; }

    public bool IsCut => Drain is null;

    /// <summary>Whether it refuses a device outright. Paths through a blocked authority are left out of the search besides.</summary>
    public bool Refuses(string device, CertificateChain? chain) => Kind switch
    {
        BlockKind.Device => string.Equals(Name, device, StringComparison.OrdinalIgnoreCase),
        BlockKind.Certificate => string.Equals(chain?.Leaf.Thumbprint.ToString(), Name, StringComparison.OrdinalIgnoreCase),
        BlockKind.Issuer => chain is { Leaf: var leaf } && Issuer is { } issuer && leaf.Issuer.Key == issuer.Subject.Key && leaf.IsSignedBy(issuer),
        _ => false,
    };

    /// <summary>Whether it refuses an authority, by its key.</summary>
    public bool Refuses(Certificate authority)
    {
        ArgumentNullException.ThrowIfNull(authority);
        return Issuer?.KeyThumbprint == authority.KeyThumbprint;
    }

    /// <summary>Whether it is about the same as another one.</summary>
    public bool IsAbout(Block other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Kind == other.Kind && string.Equals(Name, other.Name, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>What is blocked, in a sentence.</summary>
    public string Describe() => Kind switch
    {
        BlockKind.Device => $"device '{Name}'",
        BlockKind.Certificate => $"certificate {Name}",
        BlockKind.Group => $"enrollment group '{Name}'",
        _ => $"issuer '{Issuer?.Subject.Text}' ({Name})",
    };
}
