namespace Perennial.Authority.Authorities;

/// <summary>What the certificate of an authority that is about to be signed shall say.</summary>
public sealed record AuthorityTemplate
{
    /// <summary>The subject as an encoded name.</summary>
    public required ReadOnlyMemory<byte> Subject { get; init; }

    /// <summary>Its name for people, for the journal.</summary>
    public required string Name { get; init; }

    /// <summary>Its key as an encoded SubjectPublicKeyInfo.</summary>
    public required ReadOnlyMemory<byte> PublicKeyInfo { get; init; }

    /// <summary>How long it is valid; it ends with its issuer's at the latest.</summary>
    public required TimeSpan Validity { get; init; }

    /// <summary>Most intermediates below it; null sets no limit.</summary>
    public int? PathLength { get; init; }

    /// <summary>The names that it may issue for; null for any.</summary>
    public NameScope? Names { get; init; }
}
