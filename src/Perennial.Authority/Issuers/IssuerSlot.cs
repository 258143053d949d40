using Perennial.Authority.Keys;
using Perennial.X509;

namespace Perennial.Authority.Issuers;

/// <summary>One issuing authority of an issuer: a key, its certificate, and where it stands in its life.</summary>
public sealed record IssuerSlot
{
    private const int MaxNameLength = 50;

    /// <summary>Names the slot among all: lower-case letters, digits and dashes.</summary>
    public required string Id { get; init; }

    /// <summary>The issuer it belongs to, the name in profiles; compared without case.</summary>
    public required string IssuerName { get; init; }

    /// <summary>Where it stands.</summary>
    public required IssuerState State { get; init; }

    /// <summary>Where its key is.</summary>
    public required KeyAddress Key { get; init; }

    /// <summary>SHA-256 of its public key.</summary>
    public required Thumbprint KeyThumbprint { get; init; }

    /// <summary>Its certificate; null while only its key is made, and where another authority signs.</summary>
    public Certificate? Certificate { get; init; }

    /// <summary>
    /// The certificates above its own, up to the root; empty for a root that issues itself. Of another authority, its certificates in any
    /// order.
    /// </summary>
    public IReadOnlyList<Certificate> Above { get; init; } = [];

    /// <summary>
    /// Of a root that followed another: the certificates that link the two, this root signed by the one before and the one before signed
    /// by this one (RFC 4210 §4.4), so that who trusts either finds a path to both.
    /// </summary>
    public IReadOnlyList<Certificate> Links { get; init; } = [];

    /// <summary>When its key was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When it came to its state.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Counts its changes; a save names the number that was read.</summary>
    public int Version { get; init; }

    /// <summary>Whether a slot may go from one state to another: only forward.</summary>
    /// <param name="from">Where it stands.</param>
    /// <param name="to">Where it shall stand.</param>
    public static bool CanGo(IssuerState from, IssuerState to) => (from, to) switch
    {
        (IssuerState.Prepared, IssuerState.Active or IssuerState.Revoked) => true,
        (IssuerState.Active, IssuerState.Old or IssuerState.Revoked) => true,
        (IssuerState.Old, IssuerState.Revoked) => true,
        _ => false,
    };

    /// <summary>Whether an issuer may be called so: 1 to 50 letters, digits and - _ .</summary>
    /// <param name="name">The name.</param>
    public static bool IsIssuerName(string? name) =>
        name is { Length: > 0 and <= MaxNameLength } && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
