using Perennial.X509;

namespace Perennial.Authority.Issuance;

/// <summary>A certificate that was issued, and those above it up to the root.</summary>
public sealed class IssuedChain
{
    /// <summary>Most certificates that a device is sent: some copy them into an array of three without looking.</summary>
    public const int MostOnWire = 3;

    /// <summary>Joins a leaf and what is above it.</summary>
    /// <param name="leaf">The certificate of the device.</param>
    /// <param name="above">Its issuer first, the root last.</param>
    public IssuedChain(Certificate leaf, IReadOnlyList<Certificate> above)
    {
        ArgumentNullException.ThrowIfNull(leaf);
        ArgumentNullException.ThrowIfNull(above);
        Leaf = leaf;
        Above = above;
    }

    /// <summary>The certificate of the device.</summary>
    public Certificate Leaf { get; }

    /// <summary>Its issuer first, the root last.</summary>
    public IReadOnlyList<Certificate> Above { get; }

    /// <summary>What a device is sent: leaf, issuing authority, root. With several intermediates these come before the root, and three in all.</summary>
    public IReadOnlyList<Certificate> OnWire => [Leaf, .. Above.Take(MostOnWire - 1)];

    /// <summary>The leaf.</summary>
    public override string ToString() => Leaf.ToString();
}
