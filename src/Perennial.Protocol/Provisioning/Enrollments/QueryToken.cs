using System.Text;

namespace Perennial.Protocol.Provisioning.Enrollments;

/// <summary>A piece of a query text: a sign, a word, or a text in quotes.</summary>
internal readonly record struct QueryToken
{
    private const string WordSigns = "._-$";

    private enum Kind
    {
        Sign,
        Word,
        Quoted,
    }

    private Kind Piece { get; init; }

    /// <summary>The piece without its quotes.</summary>
    internal string Text { get; private init; }

    internal bool IsSign => Piece == Kind.Sign;

    internal bool IsWord => Piece == Kind.Word;

    /// <summary>A text in quotes, a number, <c>true</c> or <c>false</c>.</summary>
    internal bool IsValue => Piece == Kind.Quoted
        || (Piece == Kind.Word && (Text is "true" or "false" || char.IsAsciiDigit(Text[0]) || Text[0] == '-'));

    /// <summary>Splits a text; false when a quote is not closed or a character belongs to nothing.</summary>
    internal static bool TrySplit(ReadOnlySpan<char> text, out QueryToken[] tokens)
    {
        var found = new List<QueryToken>();
        tokens = [];
        while (!(text = text.TrimStart()).IsEmpty)
        {
            if (!TryTake(ref text, out var token))
            {
                return false;
            }

            found.Add(token);
        }

        tokens = [.. found];
        return true;
    }

    internal bool Is(string keyword) => IsWord && Text.Equals(keyword, StringComparison.OrdinalIgnoreCase);

    private static bool TryTake(ref ReadOnlySpan<char> text, out QueryToken token)
    {
        var first = text[0];
        if (first is '\'' or '"')
        {
            return TryTakeQuoted(ref text, first, out token);
        }

        var length = IsWordPart(first) ? WordLength(text) : SignLength(text);
        token = new QueryToken { Piece = IsWordPart(first) ? Kind.Word : Kind.Sign, Text = text[..length].ToString() };
        text = text[length..];
        return length > 0;
    }

    // A quote inside stands twice.
    private static bool TryTakeQuoted(ref ReadOnlySpan<char> text, char quote, out QueryToken token)
    {
        token = default;
        var value = new StringBuilder();
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] != quote)
            {
                value.Append(text[i]);
            }
            else if (i + 1 < text.Length && text[i + 1] == quote)
            {
                value.Append(quote);
                i++;
            }
            else
            {
                token = new QueryToken { Piece = Kind.Quoted, Text = value.ToString() };
                text = text[(i + 1)..];
                return true;
            }
        }

        return false;
    }

    private static int WordLength(ReadOnlySpan<char> text)
    {
        var length = 0;
        while (length < text.Length && IsWordPart(text[length]))
        {
            length++;
        }

        return length;
    }

    private static int SignLength(ReadOnlySpan<char> text) => text switch
    {
        ['!', '=', ..] or ['<', '>', ..] => 2,
        ['=' or '*' or ';', ..] => 1,
        _ => 0,
    };

    private static bool IsWordPart(char c) => char.IsAsciiLetterOrDigit(c) || WordSigns.Contains(c, StringComparison.Ordinal);
}
