using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Perennial.Hub.Queries;

/// <summary>Where the next page of a query begins.</summary>
/// <param name="After">The key of the last row that was dealt with; null for the first page.</param>
/// <param name="Returned">How many results came before.</param>
public sealed record QueryCursor(string? After, int Returned)
{
    private const int MaxLength = 1024;

    public static QueryCursor Start { get; } = new(null, 0);

    /// <summary>Reads what <see cref="ToString"/> gave.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out QueryCursor? cursor)
    {
        ArgumentNullException.ThrowIfNull(text);
        cursor = null;
        if (text.Length <= MaxLength && Base64Url.IsValid(text)
            && Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split(' ', 2) is [var count, var after]
            && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var returned))
        {
            cursor = new QueryCursor(after, returned);
        }

        return cursor is not null;
    }

    public override string ToString() =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Returned} {After}")));
}
