using Perennial.Authority.Issuers;

namespace Perennial.Server.Storage.Sql;

/// <summary>A profile as it is stored.</summary>
internal sealed record ProfileDocument
{
    public required string Name { get; init; }

    public required string Issuer { get; init; }

    public required int Keys { get; init; }

    public required TimeSpan Validity { get; init; }

    public required TimeSpan Backdating { get; init; }

    public required IReadOnlyList<string> Purposes { get; init; }

    public bool AllowsSelfRoll { get; init; }

    public int RollAfterExpiryDays { get; init; }

    public required double RollAt { get; init; }

    public static ProfileDocument From(CertificateProfile profile) => new()
    {
        Name = profile.Name,
        Issuer = profile.IssuerName,
        Keys = (int)profile.AllowedKeys,
        Validity = profile.Validity,
        Backdating = profile.Backdating,
        Purposes = profile.Purposes,
        AllowsSelfRoll = profile.AllowsSelfRoll,
        RollAfterExpiryDays = profile.RollAfterExpiryDays,
        RollAt = profile.RollAt,
    };

    public CertificateProfile ToDomain(string etag) => new()
    {
        Name = Name,
        IssuerName = Issuer,
        AllowedKeys = (KeyKinds)Keys,
        Validity = Validity,
        Backdating = Backdating,
        Purposes = Purposes,
        AllowsSelfRoll = AllowsSelfRoll,
        RollAfterExpiryDays = RollAfterExpiryDays,
        RollAt = RollAt,
        ETag = etag,
    };
}
