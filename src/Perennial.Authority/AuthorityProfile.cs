namespace Perennial.Authority;

/// <summary>What the certificate of an authority, root or intermediate, shall say.</summary>
public sealed record AuthorityProfile
{
    /// <summary>Its name; 1 to 64 characters.</summary>
    public required string CommonName { get; init; }

    /// <summary>How long it is valid; never longer than its issuer. Default 10 years.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromDays(3650);

    /// <summary>Most intermediates below it; null sets no limit.</summary>
    public int? PathLength { get; init; }

    /// <summary>The kind of its key.</summary>
    public Keys.KeyAlgorithm KeyAlgorithm { get; init; } = Keys.KeyAlgorithm.P256;
}
