using Perennial.X509;

namespace Perennial.Provisioning.Blocks;

/// <summary>A credential or a device that is refused everywhere, whatever enrollment would take it.</summary>
public sealed record Block
{
    public required BlockKind Kind { get; init; }

    /// <summary>The thumbprint, or the registration id; compared without case.</summary>
    public required string Name { get; init; }

    /// <summary>The authority's certificate, of which the key counts; null for the other kinds.</summary>
    public Certificate? Issuer { get; init; }

    /// <summary>Why, for the record.</summary>
    public required string Reason { get; init; }

    public required string Actor { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Whether it refuses a device outright. Paths through a blocked authority are left out of the search besides.</summary>
    public bool Refuses(string device, CertificateChain? chain) => Kind switch
    {
        BlockKind.Device => string.Equals(Name, device, StringComparison.OrdinalIgnoreCase),
        BlockKind.Certificate => string.Equals(chain?.Leaf.Thumbprint.ToString(), Name, StringComparison.OrdinalIgnoreCase),
        _ => chain is { Leaf: var leaf } && Issuer is { } issuer && leaf.Issuer.Key == issuer.Subject.Key && leaf.IsSignedBy(issuer),
    };

    /// <summary>What is blocked, in a sentence.</summary>
    public string Describe() => Kind switch
    {
        BlockKind.Device => $"device '{Name}'",
        BlockKind.Certificate => $"certificate {Name}",
        _ => $"issuer '{Issuer?.Subject.Text}' ({Name})",
    };
}
