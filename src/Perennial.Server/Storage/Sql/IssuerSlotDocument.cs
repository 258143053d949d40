using Perennial.Authority.Issuers;
using Perennial.Authority.Keys;
using Perennial.X509;

namespace Perennial.Server.Storage.Sql;

/// <summary>An issuer slot as it is stored, beside its certificate, state and version.</summary>
internal sealed record IssuerSlotDocument
{
    public required string Issuer { get; init; }

    public required string Key { get; init; }

    /// <summary>SHA-256 of the public key.</summary>
    public required string PublicKey { get; init; }

    /// <summary>DER of the certificates above, its issuer first.</summary>
    public IReadOnlyList<byte[]> Above { get; init; } = [];

    /// <summary>DER of the certificates that link a root with the one before.</summary>
    public IReadOnlyList<byte[]> Links { get; init; } = [];

    public required DateTimeOffset Created { get; init; }

    public required DateTimeOffset Since { get; init; }

    public static IssuerSlotDocument From(IssuerSlot slot) => new()
    {
        Issuer = slot.IssuerName,
        Key = slot.Key.Text,
        PublicKey = slot.KeyThumbprint.ToString(),
        Above = [.. slot.Above.Select(certificate => certificate.Der.ToArray())],
        Links = [.. slot.Links.Select(certificate => certificate.Der.ToArray())],
        Created = slot.Created,
        Since = slot.Since,
    };

    public IssuerSlot ToDomain(string id, IssuerState state, int version, byte[]? certificate) => new()
    {
        Id = id,
        IssuerName = Issuer,
        State = state,
        Version = version,
        Key = KeyAddress.TryParse(Key, out var key) ? key : throw new InvalidDataException($"Issuer slot {id} names the key '{Key}', which is no address."),
        KeyThumbprint = Thumbprint.Parse(PublicKey),
        Certificate = certificate is null ? null : StoredCertificate.Read(certificate),
        Above = [.. Above.Select(StoredCertificate.Read)],
        Links = [.. Links.Select(StoredCertificate.Read)],
        Created = Created,
        Since = Since,
    };
}
