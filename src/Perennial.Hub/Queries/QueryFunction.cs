using System.Collections.Frozen;
using System.Text.Json;

namespace Perennial.Hub.Queries;

/// <summary>A function of the language. One that gets a value of a kind it does not take comes to nothing.</summary>
public sealed class QueryFunction
{
    private static readonly FrozenDictionary<string, QueryFunction> Known = All().ToFrozenDictionary(
        function => function.Name, StringComparer.OrdinalIgnoreCase);

    private QueryFunction(string name, int fewest, int most, Func<IReadOnlyList<QueryValue>, QueryValue> apply)
    {
        Name = name;
        Fewest = fewest;
        Most = most;
        Apply = apply;
    }

    public static IEnumerable<string> Names => Known.Keys.Order(StringComparer.Ordinal);

    public string Name { get; }

    /// <summary>The fewest arguments.</summary>
    public int Fewest { get; }

    /// <summary>The most arguments.</summary>
    public int Most { get; }

    public Func<IReadOnlyList<QueryValue>, QueryValue> Apply { get; }

    public static QueryFunction? Find(string name) => Known.GetValueOrDefault(name);

    public override string ToString() => Name;

    private static IEnumerable<QueryFunction> All() =>
    [
        Test("IS_DEFINED", value => value.IsDefined),
        Test("IS_NULL", value => value.Kind == QueryValueKind.Null),
        Test("IS_BOOL", value => value.Kind == QueryValueKind.Truth),
        Test("IS_NUMBER", value => value.Kind == QueryValueKind.Number),
        Test("IS_STRING", value => value.Kind is QueryValueKind.Text or QueryValueKind.Time),
        Test("IS_OBJECT", value => value is { Kind: QueryValueKind.Json, Json.ValueKind: JsonValueKind.Object }),
        Test("IS_ARRAY", value => value is { Kind: QueryValueKind.Json, Json.ValueKind: JsonValueKind.Array }),
        Test("IS_PRIMITIVE", value => value.IsDefined && value.Kind != QueryValueKind.Json),
        OfTexts("STARTSWITH", (text, start) => text.StartsWith(start, StringComparison.Ordinal)),
        OfTexts("STARTS_WITH", (text, start) => text.StartsWith(start, StringComparison.Ordinal)),
        OfTexts("ENDSWITH", (text, end) => text.EndsWith(end, StringComparison.Ordinal)),
        OfTexts("ENDS_WITH", (text, end) => text.EndsWith(end, StringComparison.Ordinal)),
        OfTexts("CONTAINS", (text, part) => text.Contains(part, StringComparison.Ordinal)),
        OfText("LENGTH", text => QueryValue.Of(text.Length)),
#pragma warning disable CA1308 // What the function is for.
        OfText("LOWER", text => QueryValue.Of(text.ToLowerInvariant())),
#pragma warning restore CA1308
        OfText("UPPER", text => QueryValue.Of(text.ToUpperInvariant())),
        OfNumber("ABS", Math.Abs),
        OfNumber("CEILING", Math.Ceiling),
        OfNumber("FLOOR", Math.Floor),
        OfNumber("SQRT", Math.Sqrt),
        OfNumber("SQUARE", number => number * number),
        new("POWER", 2, 2, values => values.All(value => value.Kind == QueryValueKind.Number)
            ? QueryValue.Of(Math.Pow(values[0].Number, values[1].Number))
            : QueryValue.Undefined),
        new("CONCAT", 2, 8, values => values.All(value => value.Kind == QueryValueKind.Text)
            ? QueryValue.Of(string.Concat(values.Select(value => value.Text)))
            : QueryValue.Undefined),
    ];

    private static QueryFunction Test(string name, Func<QueryValue, bool> test) => new(name, 1, 1, values => QueryValue.Of(test(values[0])));

    private static QueryFunction OfTexts(string name, Func<string, string, bool> test) => new(name, 2, 2, values =>
        QueryValue.Of(values.All(value => value.Kind == QueryValueKind.Text) && test(values[0].Text, values[1].Text)));

    private static QueryFunction OfText(string name, Func<string, QueryValue> map) => new(name, 1, 1, values =>
        values[0].Kind == QueryValueKind.Text ? map(values[0].Text) : QueryValue.Undefined);

    private static QueryFunction OfNumber(string name, Func<double, double> map) => new(name, 1, 1, values =>
        values[0].Kind == QueryValueKind.Number ? QueryValue.Of(map(values[0].Number)) : QueryValue.Undefined);
}
