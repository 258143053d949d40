using Perennial.X509;

namespace Perennial.Server.Portal.Certificates;

/// <summary>An issuing authority in a list.</summary>
public sealed record IssuerLine
{
    public required string Id { get; init; }

    /// <summary>The issuer that it belongs to, as profiles name it.</summary>
    public required string Issuer { get; init; }

    /// <summary>Prepared, Active, Old or Revoked.</summary>
    public required string State { get; init; }

    /// <summary>Null until it is signed, and where another authority signs.</summary>
    public required Certificate? Certificate { get; init; }

    /// <summary>Where its key is.</summary>
    public required string Key { get; init; }

    public required DateTimeOffset Since { get; init; }

    /// <summary>The color of its state.</summary>
    public string? Tone => State switch { "Active" => "good", "Prepared" => "info", "Revoked" => "bad", _ => null };

    public string Path => IssuerPages.PathOf(Id);
}
