using Perennial.X509;

namespace Perennial.Authority.Issuers;

/// <summary>What the certificates issued under a name are like, and what their devices may do. An enrollment names one.</summary>
public sealed record CertificateProfile
{
    /// <summary>The shortest validity.</summary>
    public static readonly TimeSpan ShortestValidity = TimeSpan.FromHours(1);

    /// <summary>The longest validity: ten years of 365 days and their leap days.</summary>
    public static readonly TimeSpan LongestValidity = TimeSpan.FromDays(3653);

    /// <summary>The most that the beginning of a validity is set back.</summary>
    public static readonly TimeSpan LongestBackdating = TimeSpan.FromDays(1);

    private const int MinNameLength = 3;
    private const int MaxNameLength = 50;
    private const int MostPurposes = 8;

    /// <summary>What an enrollment's <c>credentialPolicyName</c> says: 3 to 50 letters, digits and - _ . ; compared without case.</summary>
    public required string Name { get; init; }

    /// <summary>The issuer whose active slot signs.</summary>
    public required string IssuerName { get; init; }

    /// <summary>The kinds of key that certificates are issued for. Default all.</summary>
    public KeyKinds AllowedKeys { get; init; } = KeyKinds.All;

    /// <summary>How long a certificate is valid from its issue, 1 hour to 10 years; it ends with its issuer's at the latest. Default 90 days.</summary>
    public TimeSpan Validity { get; init; } = TimeSpan.FromDays(90);

    /// <summary>How far before its issue a certificate begins, since clocks differ: 0 to 1 day. Default 5 minutes.</summary>
    public TimeSpan Backdating { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>What a certificate is for, as object identifiers. Default TLS client authentication.</summary>
    public IReadOnlyList<string> Purposes { get; init; } = [ChainPolicyOptions.ClientAuthentication];

    /// <summary>Whether a device that proves its key may place its next certificate in the free slot of its own enrollment. Default no.</summary>
    public bool AllowsSelfRoll { get; init; }

    /// <summary>For how many days an expired leaf may still do one thing, obtain a new one. Default 0: never. At most 365.</summary>
    public int RollAfterExpiryDays { get; init; }

    /// <summary>The share of its life after which a device is to roll its certificate: 0.1 to 0.95. Default two thirds.</summary>
    public double RollAt { get; init; } = 2.0 / 3;

    /// <summary>Opaque; changes with every save.</summary>
    public string? ETag { get; init; }

    /// <summary>Every fault that an operator has to mend, as sentences; empty when the profile may be saved.</summary>
    public IReadOnlyList<string> Faults() =>
    [
        .. new[]
        {
            (IsName(Name), $"A profile's name is {MinNameLength} to {MaxNameLength} letters, digits and - _ . ; '{Name}' is not."),
            (IssuerSlot.IsIssuerName(IssuerName), $"'{IssuerName}' cannot be the name of an issuer."),
            (AllowedKeys is not KeyKinds.None && (AllowedKeys & ~KeyKinds.All) == 0, "At least one kind of key must be allowed."),
            (Validity >= ShortestValidity && Validity <= LongestValidity, $"The validity is 1 hour to 10 years, not {Validity}."),
            (Backdating >= TimeSpan.Zero && Backdating <= LongestBackdating, $"The beginning is set back 0 to 24 hours, not {Backdating}."),
            (Purposes.Count is > 0 and <= MostPurposes && Purposes.All(IsOid), $"Purposes are 1 to {MostPurposes} object identifiers, for instance 1.3.6.1.5.5.7.3.2."),
            (RollAfterExpiryDays is >= 0 and <= 365, $"An expired leaf may obtain a new one for 0 to 365 days, not {RollAfterExpiryDays}."),
            (RollAt is >= 0.1 and <= 0.95, $"A certificate is rolled after a share of its life from 0.1 to 0.95, not {RollAt}."),
        }.Where(rule => !rule.Item1).Select(rule => rule.Item2),
    ];

    /// <summary>Whether certificates are issued for keys of this kind and size.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="bits">The size.</param>
    public bool Allows(KeyKind kind, int bits) => kind switch
    {
        KeyKind.P256 => AllowedKeys.HasFlag(KeyKinds.P256),
        KeyKind.P384 => AllowedKeys.HasFlag(KeyKinds.P384),
        KeyKind.Rsa => AllowedKeys.HasFlag(bits >= 3072 ? KeyKinds.Rsa3072 : KeyKinds.Rsa2048),
        _ => false,
    };

    private static bool IsName(string name) =>
        name.Length is >= MinNameLength and <= MaxNameLength && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private static bool IsOid(string text) =>
        text.Length <= 64 && text.Split('.') is { Length: > 2 } arcs && arcs.All(arc => arc.Length is > 0 and < 10 && arc.All(char.IsAsciiDigit))
        && arcs[0] is "0" or "1" or "2";
}
