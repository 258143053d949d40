namespace Perennial.Protocol.Provisioning.Enrollments;

/// <summary>The query texts the service API takes: <c>*</c> and <c>SELECT * [FROM name]</c>, in any case and spacing, with an optional last <c>;</c>.</summary>
/// <remarks>Source: dps-protocol §7.4. All of them mean every object of the kind the path names.</remarks>
public static class EnrollmentQuery
{
    private const int MaxLength = 512;

    /// <summary>Whether the text asks for everything.</summary>
    /// <param name="text">The query text.</param>
    /// <param name="allowEmpty">Whether no text is accepted too, as on <c>/registrations/{group}/query</c>.</param>
    /// <returns>Whether it is one of the accepted texts; any other is answered with 400.</returns>
    public static bool IsAccepted(string? text, bool allowEmpty = false)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return allowEmpty;
        }

        if (text.Length > MaxLength)
        {
            return false;
        }

        var trimmed = text.Trim();
        trimmed = trimmed.EndsWith(';') ? trimmed[..^1] : trimmed;
        var words = trimmed.Replace("*", " * ", StringComparison.Ordinal)
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return words switch
        {
            ["*"] => true,
            [var select, "*"] => Is(select, "SELECT"),
            [var select, "*", var from, var name] => Is(select, "SELECT") && Is(from, "FROM") && IsName(name),
            _ => false,
        };
    }

    private static bool Is(string word, string keyword) => word.Equals(keyword, StringComparison.OrdinalIgnoreCase);

    private static bool IsName(string word) => word.All(char.IsAsciiLetter);
}
