using System.Globalization;
using System.Text;

namespace Perennial.Hub.Queries;

/// <summary>Cuts the text of a query into tokens.</summary>
internal sealed class QueryLexer(string text)
{
    private const string Open = "[[";
    private const string Close = "]]";

    private static readonly string[] Signs = ["!=", "<>", "<=", ">=", "=", "<", ">", "+", "-", "*", "/", "%", "(", ")", "[", "]", ",", ";"];

    private int _at;

    public static bool IsNamePart(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '$' || (c > '\u007F' && char.IsLetterOrDigit(c));

    public QueryToken Next()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at]))
        {
            _at++;
        }

        if (_at == text.Length)
        {
            return new QueryToken { Kind = QueryTokenKind.End, Position = _at + 1, Text = "the end" };
        }

        var c = text[_at];
        return c is '\'' or '"' ? ReadText(c)
            : char.IsAsciiDigit(c) ? ReadNumber()
            : IsNamePart(c) || StartsWith(Open) ? ReadPath()
            : ReadSign();
    }

    private QueryToken ReadText(char quote)
    {
        var (start, value) = (_at++, new StringBuilder());
        while (_at < text.Length)
        {
            var c = text[_at++];
            if (c != quote)
            {
                value.Append(c);
            }
            else if (_at < text.Length && text[_at] == quote)
            {
                value.Append(text[_at++]);
            }
            else
            {
                return new QueryToken { Kind = QueryTokenKind.Text, Position = start + 1, Text = value.ToString() };
            }
        }

        throw Fault(start, "The text has no end.", $"Close it with {quote}; a {quote} inside is written twice.");
    }

    private QueryToken ReadNumber()
    {
        var start = _at;
        Digits();
        if (_at + 1 < text.Length && text[_at] == '.' && char.IsAsciiDigit(text[_at + 1]))
        {
            _at++;
            Digits();
        }

        if (_at < text.Length && text[_at] is 'e' or 'E')
        {
            var mark = _at++;
            _at += _at < text.Length && text[_at] is '+' or '-' ? 1 : 0;
            var digits = _at;
            Digits();
            _at = _at == digits ? mark : _at;
        }

        var number = double.Parse(text.AsSpan(start, _at - start), NumberStyles.Float, CultureInfo.InvariantCulture);
        return double.IsFinite(number)
            ? new QueryToken { Kind = QueryTokenKind.Number, Position = start + 1, Text = text[start.._at], Number = number }
            : throw Fault(start, "The number is too large.", "Use a number that a double can hold.");
    }

    private void Digits()
    {
        while (_at < text.Length && char.IsAsciiDigit(text[_at]))
        {
            _at++;
        }
    }

    private QueryToken ReadPath()
    {
        var start = _at;
        var segments = new List<string> { ReadSegment(out var isBare) };
        while (_at < text.Length && text[_at] == '.')
        {
            _at++;
            segments.Add(ReadSegment(out _));
            if (segments.Count > QueryLimits.MaxPathLength)
            {
                throw Fault(start, "The path is too long.", $"A path has at most {QueryLimits.MaxPathLength} names.");
            }
        }

        var isWord = isBare && segments.Count == 1 && QueryWords.IsKeyword(segments[0]);
        return new QueryToken
        {
            Kind = isWord ? QueryTokenKind.Word : QueryTokenKind.Path,
            Position = start + 1,
            Text = text[start.._at],
            Path = new QueryPath(segments),
        };
    }

    private string ReadSegment(out bool isBare)
    {
        var start = _at;
        isBare = !StartsWith(Open);
        if (!isBare)
        {
            var end = text.IndexOf(Close, _at, StringComparison.Ordinal);
            var name = end < 0 ? string.Empty : text[(_at + Open.Length)..end];
            _at = end + Close.Length;
            return name.Length > 0 && !name.Contains(']', StringComparison.Ordinal) && !name.Contains('[', StringComparison.Ordinal)
                ? name
                : throw Fault(start, "The name in double brackets is empty, has no end or holds a bracket.", "Write it as [[name]].");
        }

        while (_at < text.Length && IsNamePart(text[_at]))
        {
            _at++;
        }

        return _at > start
            ? text[start.._at]
            : throw Fault(start, "A name is missing after the dot.", "Write names of letters, digits, _ and $ with dots between; any other as [[name]].");
    }

    private QueryToken ReadSign()
    {
        var sign = Array.Find(Signs, StartsWith)
            ?? throw Fault(_at, $"'{text[_at]}' means nothing here.", "Put text in single or double quotes, and odd names in double brackets: [[name]].");
        _at += sign.Length;
        return new QueryToken { Kind = QueryTokenKind.Sign, Position = _at - sign.Length + 1, Text = sign };
    }

    private bool StartsWith(string sign) => string.CompareOrdinal(text, _at, sign, 0, sign.Length) == 0;

    private static QueryFaultException Fault(int at, string message, string remedy) => new(new QueryFault(at + 1, message, remedy));
}
