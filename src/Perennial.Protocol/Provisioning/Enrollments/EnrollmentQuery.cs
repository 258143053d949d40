using System.Diagnostics.CodeAnalysis;

namespace Perennial.Protocol.Provisioning.Enrollments;

/// <summary>
/// A query of the service API: <c>*</c>, or <c>SELECT * [FROM name] [WHERE field = 'x' [AND …]]</c>, in any case and spacing, with an
/// optional last <c>;</c>.
/// </summary>
/// <remarks>Source: dps-protocol §7.4. The path names the kind of object; the name after FROM is not looked at.</remarks>
public sealed record EnrollmentQuery
{
    /// <summary>The most conditions in one query.</summary>
    public const int MaxConditions = 8;

    private const int MaxLength = 4096;

    private EnrollmentQuery(IReadOnlyList<QueryCondition> conditions) => Conditions = conditions;

    /// <summary>What each object must fulfil, all of them; empty for every object.</summary>
    public IReadOnlyList<QueryCondition> Conditions { get; }

    /// <summary>Reads a query text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="query">The query, when it could be read.</param>
    /// <param name="fault">One sentence for the caller, when it could not.</param>
    /// <param name="allowEmpty">Whether no text means every object, as on <c>/registrations/{group}/query</c>.</param>
    /// <returns>Whether it could be read; what cannot is answered with 400.</returns>
    public static bool TryParse(
        string? text,
        [NotNullWhen(true)] out EnrollmentQuery? query,
        [NotNullWhen(false)] out string? fault,
        bool allowEmpty = false)
    {
        query = null;
        fault = "The query is '*' or SELECT * [FROM name] [WHERE field = 'value' [AND field = 'value' …]].";
        if (string.IsNullOrWhiteSpace(text) ? !allowEmpty : text.Length > MaxLength)
        {
            return false;
        }

        if (!QueryToken.TrySplit(text ?? string.Empty, out var tokens))
        {
            return false;
        }

        var rest = new ReadOnlySpan<QueryToken>(tokens);
        rest = rest is [.., { IsSign: true, Text: ";" }] ? rest[..^1] : rest;
        if (!TrySkipHead(ref rest, tokens.Length == 0) || !TryReadConditions(rest, out var conditions))
        {
            return false;
        }

        fault = conditions.Count > MaxConditions ? $"A query has at most {MaxConditions} conditions." : null;
        query = fault is null ? new EnrollmentQuery(conditions) : null;
        return query is not null;
    }

    private static bool TrySkipHead(ref ReadOnlySpan<QueryToken> rest, bool isEmpty)
    {
        if (isEmpty || rest is [{ IsSign: true, Text: "*" }])
        {
            rest = [];
            return true;
        }

        if (rest is not [var select, { IsSign: true, Text: "*" }, ..] || !select.Is("SELECT"))
        {
            return false;
        }

        rest = rest[2..];
        if (rest is [var from, { IsWord: true } name, ..] && from.Is("FROM") && name.Text.All(char.IsAsciiLetter))
        {
            rest = rest[2..];
        }

        return true;
    }

    private static bool TryReadConditions(ReadOnlySpan<QueryToken> rest, out List<QueryCondition> conditions)
    {
        conditions = [];
        var opening = "WHERE";
        while (rest is [var word, { IsWord: true } field, { IsSign: true } sign, { IsValue: true } value, ..] && word.Is(opening))
        {
            if (sign.Text is not ("=" or "!=" or "<>"))
            {
                return false;
            }

            conditions.Add(new QueryCondition(field.Text, sign.Text != "=", value.Text));
            rest = rest[4..];
            opening = "AND";
        }

        return rest.IsEmpty;
    }
}
