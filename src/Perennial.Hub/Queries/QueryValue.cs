using System.Globalization;
using System.Text.Json;

namespace Perennial.Hub.Queries;

/// <summary>What a path or an expression comes to.</summary>
public readonly record struct QueryValue
{
    private readonly double _number;
    private readonly string? _text;
    private readonly JsonElement _json;
    private readonly DateTimeOffset _time;

    private QueryValue(QueryValueKind kind, double number = 0, string? text = null, JsonElement json = default, DateTimeOffset time = default)
    {
        Kind = kind;
        _number = number;
        _text = text;
        _json = json;
        _time = time;
    }

    /// <summary>There is no such member.</summary>
    public static QueryValue Undefined => default;

    public static QueryValue Null { get; } = new(QueryValueKind.Null);

    public QueryValueKind Kind { get; }

    public bool IsDefined => Kind != QueryValueKind.Undefined;

    public bool IsTrue => Kind == QueryValueKind.Truth && _number != 0;

    public double Number => _number;

    public string Text => _text ?? string.Empty;

    /// <summary>An object or an array.</summary>
    public JsonElement Json => _json;

    public DateTimeOffset Time => _time;

    public static QueryValue Of(bool truth) => new(QueryValueKind.Truth, truth ? 1 : 0);

    /// <summary>A number; one that is not finite is nothing.</summary>
    public static QueryValue Of(double number) => double.IsFinite(number) ? new QueryValue(QueryValueKind.Number, number) : Undefined;

    /// <summary>A text; null is nothing.</summary>
    public static QueryValue Of(string? text) => text is null ? Undefined : new QueryValue(QueryValueKind.Text, text: text);

    /// <summary>An instant, which is compared with texts that are one.</summary>
    public static QueryValue Of(DateTimeOffset time) => new(QueryValueKind.Time, time: time);

    public static QueryValue Of(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Undefined => Undefined,
        JsonValueKind.Null => Null,
        JsonValueKind.True => Of(true),
        JsonValueKind.False => Of(false),
        JsonValueKind.Number => Of(json.GetDouble()),
        JsonValueKind.String => Of(json.GetString()),
        _ => new QueryValue(QueryValueKind.Json, json: json),
    };

    /// <summary>As it is written in a query.</summary>
    public override string ToString() => Kind switch
    {
        QueryValueKind.Null => "NULL",
        QueryValueKind.Truth => IsTrue ? "TRUE" : "FALSE",
        QueryValueKind.Number => _number.ToString("R", CultureInfo.InvariantCulture),
        QueryValueKind.Text => $"'{Text.Replace("'", "''", StringComparison.Ordinal)}'",
        QueryValueKind.Time => $"'{_time.UtcDateTime:O}'",
        QueryValueKind.Json => _json.GetRawText(),
        _ => "undefined",
    };
}

/// <summary>The kinds of value.</summary>
public enum QueryValueKind
{
    Undefined,
    Null,
    Truth,
    Number,
    Text,
    Time,
    Json,
}
