using System.Globalization;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Sightings;
using Perennial.X509;

namespace Perennial.Server.Storage.Sql;

/// <summary>A sighting as it is kept.</summary>
internal sealed record SightingDocument
{
    private const int LongestName = 160;

    public required string Device { get; init; }

    public SightingPath Path { get; init; }

    public string? Hub { get; init; }

    public long At { get; init; }

    public IReadOnlyList<string> Chain { get; init; } = [];

    public EnrollmentKind? Kind { get; init; }

    public string? EnrollmentId { get; init; }

    public Slot? Slot { get; init; }

    public string? Anchor { get; init; }

    public int? Refusal { get; init; }

    public string? Detail { get; init; }

    public string? Nearest { get; init; }

    /// <summary>The certificates of a refused device in words, leaf first.</summary>
    public IReadOnlyList<string>? Received { get; init; }

    public static SightingDocument From(Sighting sighting) => new()
    {
        Device = sighting.Device,
        Path = sighting.Path,
        Hub = sighting.Hub,
        At = sighting.At.UtcTicks,
        Chain = sighting.Chain is { } chain ? [.. chain.Issuers.Prepend(chain.Leaf).Select(c => c.Thumbprint.ToString())] : [],
        Kind = sighting.Match?.Enrollment.Kind,
        EnrollmentId = sighting.Match?.Enrollment.Id,
        Slot = sighting.Match?.Slot,
        Anchor = sighting.Match?.Anchor.ToString(),
        Refusal = sighting.Refusal?.Reason.Number,
        Detail = sighting.Refusal?.Detail,
        Nearest = sighting.Nearest?.ToString(),
        Received = sighting is { Refusal: not null, Chain: { } refused } ? [.. refused.Issuers.Prepend(refused.Leaf).Select(InWords)] : null,
    };

    public SightingRecord ToDomain() => new()
    {
        Device = Device,
        Path = Path,
        Hub = Hub,
        At = new DateTimeOffset(At, TimeSpan.Zero),
        Chain = [.. Chain.Select(text => Thumbprint.Parse(text, null))],
        Match = Kind is { } kind && EnrollmentId is { } id && Slot is { } slot && Anchor is { } anchor
            ? new SightingMatch(Keys.Enrollment(kind, id), slot, Thumbprint.Parse(anchor, null))
            : null,
        RefusalNumber = Refusal,
        RefusalDetail = Detail,
        Nearest = Nearest,
        Received = Received ?? [],
    };

    // Names come from whoever connects: of a long one the beginning tells enough.
    private static string InWords(Certificate certificate)
    {
        var issuer = certificate.IsSelfIssued ? "itself" : certificate.Issuer.Text;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Short(certificate.Subject.Text)}, issued by {Short(issuer)}, valid {certificate.NotBefore.UtcDateTime:yyyy-MM-dd HH:mm} to {certificate.NotAfter.UtcDateTime:yyyy-MM-dd HH:mm} UTC");

        static string Short(string text) => text.Length <= LongestName ? text : text[..LongestName] + "…";
    }
}
