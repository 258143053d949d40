namespace Perennial.X509;

/// <summary>A path that held: the leaf, the certificates between, the anchor.</summary>
public sealed class CertificatePath
{
    internal CertificatePath(IReadOnlyList<Certificate> certificates) => Certificates = certificates;

    /// <summary>The leaf first, the anchor last; at least two.</summary>
    public IReadOnlyList<Certificate> Certificates { get; }

    /// <summary>The trusted certificate at the end.</summary>
    public Certificate Anchor => Certificates[^1];

    /// <summary>Signatures from leaf to anchor: 1 when the anchor signed the leaf itself.</summary>
    public int Depth => Certificates.Count - 1;
}
