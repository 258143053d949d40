using System.Globalization;

namespace Perennial.Protocol;

/// <summary>The time format of the wire: UTC, ISO 8601, seven fraction digits and <c>Z</c> (dps-protocol §0, hub-protocol §1.4).</summary>
public static class WireTime
{
    /// <summary>How the hub writes "never": <c>0001-01-01T00:00:00Z</c> (hub-protocol §4.2).</summary>
    public const string Never = "0001-01-01T00:00:00Z";

    private const int MaxLength = 64;

    /// <summary>Writes an instant, for instance <c>2022-08-31T22:02:50.5163352Z</c>; the smallest instant is written as <see cref="Never"/>.</summary>
    /// <param name="instant">The instant.</param>
    /// <returns>The text.</returns>
    public static string Format(DateTimeOffset instant) =>
        instant == DateTimeOffset.MinValue ? Never : instant.UtcDateTime.ToString("o", CultureInfo.InvariantCulture);

    /// <summary>Reads an instant; a text without an offset is UTC.</summary>
    /// <param name="text">The text.</param>
    /// <param name="instant">The instant, when it could be read.</param>
    /// <returns>Whether it could be read.</returns>
    public static bool TryParse(string? text, out DateTimeOffset instant)
    {
        instant = default;
        return text is { Length: > 0 and <= MaxLength }
            && DateTimeOffset.TryParse(
                text,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out instant);
    }
}
