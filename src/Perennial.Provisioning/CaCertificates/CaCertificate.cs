using Perennial.X509;

namespace Perennial.Provisioning.CaCertificates;

/// <summary>A CA certificate that the service knows by a name, for groups to refer to (dps-protocol §8.2). It counts once it is verified.</summary>
public sealed record CaCertificate
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaxNameLength = 256;

    /// <summary>Letters, digits and <c>- . _</c>; compared without case, the first spelling is kept.</summary>
    public required string Name { get; init; }

    public required Certificate Certificate { get; init; }

    /// <summary>True when the uploader proved to hold the key, or an operator vouched for the certificate on upload.</summary>
    public bool IsVerified { get; init; }

    /// <summary>The common name that the next proof must have; null when none was asked for, or it is used up.</summary>
    public string? VerificationCode { get; init; }

    /// <summary>Changes with every write; opaque.</summary>
    public required string ETag { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required DateTimeOffset LastUpdated { get; init; }

    public static bool IsName(string? text) =>
        text is { Length: > 0 and <= MaxNameLength } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_');
}
