using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Perennial.Hub.Queries;
using Perennial.Hub.Tests.Fakes;

namespace Perennial.Hub.Tests.Queries;

public sealed class QueryEvaluationProperties
{
    private static readonly Gen<string> Rows = Gen.OneOf(
        """{"a":1,"b":"x","c":{"a":true,"b":null,"c":{"a":-2.5}},"tags":{"ü":"y"}}""",
        """{"a":"x","b":2,"c":[1,{"a":2}],"count":3,"from":"from"}""",
        """{"a":null,"b":true,"$version":4,"1st":"1","with space":{"it's":5}}""",
        "{}");

    [Fact]
    public void A_query_evaluates_as_the_plain_reading_of_its_rules() => Gen.Select(QuerySamples.Expression, Rows).Sample((expression, json) =>
    {
        var value = expression.Evaluate(new JsonRow(World.Json(json)));
        var expected = Model(expression, JsonNode.Parse(json)!);
        var isSame = expected.IsDefined == value.IsDefined && (!value.IsDefined || JsonNode.DeepEquals(expected.Node, Node(value)));
        return isSame ? true : throw new InvalidOperationException($"{expression} on {json}: {value}, not {expected.Node?.ToJsonString() ?? "null"} ({expected.IsDefined})");
    });

    [Theory]
    [InlineData("missing = 1", false)]
    [InlineData("missing != 1", false)]
    [InlineData("NOT (missing = 1)", true)]
    [InlineData("a = '1'", false)]
    [InlineData("a != '1'", true)]
    [InlineData("n = null", true)]
    [InlineData("IS_NULL(n) AND IS_DEFINED(n) AND NOT IS_DEFINED(missing)", true)]
    [InlineData("s < 'b' AND s >= 'a'", true)]
    [InlineData("STARTSWITH(s, 'a') AND ENDSWITH(s, 'e') AND CONTAINS(s, 'ppl')", true)]
    [InlineData("a / 0 = 1", false)]
    [InlineData("(a + 2) * 3 % 4 = 1", true)]
    [InlineData("s IN ['apple', 3]", true)]
    [InlineData("s NIN ['pear']", true)]
    [InlineData("missing NIN ['pear']", false)]
    [InlineData("s NOT IN ['apple']", false)]
    [InlineData("o.deep = true", true)]
    [InlineData("s", false)]
    public void The_rules_hold_at_their_edges(string condition, bool expected)
    {
        Assert.True(Query.TryParse($"SELECT * FROM devices WHERE {condition}", out var query, out var fault), fault?.ToString());
        Assert.Equal(expected, query.Where!.Evaluate(new JsonRow(World.Json("""{"a":1,"n":null,"s":"apple","o":{"deep":true}}"""))).IsTrue);
    }

    [Fact]
    public void An_instant_is_compared_with_texts_that_are_one()
    {
        var at = QueryValue.Of(new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.Zero));
        Assert.True(QueryEvaluation.Compare(QueryComparison.Greater, at, QueryValue.Of("2030-01-01")));
        Assert.True(QueryEvaluation.Compare(QueryComparison.Equal, at, QueryValue.Of("2030-01-01T12:00:00.0000000Z")));
        Assert.True(QueryEvaluation.Compare(QueryComparison.LessOrEqual, QueryValue.Of("2030-01-01T11:00:00Z"), at));
        Assert.False(QueryEvaluation.Compare(QueryComparison.Less, at, QueryValue.Of("tomorrow")));
    }

    private static (bool IsDefined, JsonNode? Node) Model(QueryExpression expression, JsonNode row) => expression switch
    {
        QueryExpression.Literal literal => (true, Node(literal.Value)),
        QueryExpression.Member member => ModelPath(member.Path.Segments, row),
        QueryExpression.Negated negated => Numbers([Model(negated.Operand, row)], numbers => -numbers[0]),
        QueryExpression.Arithmetic sum => Numbers([Model(sum.Left, row), Model(sum.Right, row)], numbers => sum.Sign switch
        {
            '+' => numbers[0] + numbers[1],
            '-' => numbers[0] - numbers[1],
            '*' => numbers[0] * numbers[1],
            '/' => numbers[0] / numbers[1],
            _ => numbers[0] % numbers[1],
        }),
        QueryExpression.Comparison compared => Truth(Holds(compared.Operator, Model(compared.Left, row), Model(compared.Right, row))),
        QueryExpression.Logic logic => Truth(logic.IsAll ? logic.Conditions.All(condition => IsTrue(condition, row)) : logic.Conditions.Any(condition => IsTrue(condition, row))),
        QueryExpression.Not not => Model(not.Condition, row) is (true, JsonValue value) && value.TryGetValue(out bool truth) ? Truth(!truth) : (false, null),
        QueryExpression.Among among => Truth(Model(among.Value, row) is (true, var node)
            && among.Choices.Any(choice => JsonNode.DeepEquals(Node(choice), node)) != among.IsNone),
        QueryExpression.Call { Function.Name: "IS_DEFINED" } call => Truth(Model(call.Arguments[0], row).IsDefined),
        QueryExpression.Call call => Truth(Text(Model(call.Arguments[0], row)) is { } text && Text(Model(call.Arguments[1], row)) is { } part
            && text.Contains(part, StringComparison.Ordinal)),
        _ => throw new InvalidOperationException(expression.GetType().Name),
    };

    private static bool IsTrue(QueryExpression condition, JsonNode row) =>
        Model(condition, row) is (true, JsonValue value) && value.TryGetValue(out bool truth) && truth;

    private static (bool IsDefined, JsonNode? Node) ModelPath(IReadOnlyList<string> segments, JsonNode? row)
    {
        foreach (var segment in segments)
        {
            if (row is not JsonObject inner || !inner.TryGetPropertyValue(segment, out row))
            {
                return (false, null);
            }
        }

        return (true, row);
    }

    private static (bool IsDefined, JsonNode? Node) Truth(bool truth) => (true, truth);

    private static (bool IsDefined, JsonNode? Node) Numbers((bool IsDefined, JsonNode? Node)[] operands, Func<double[], double> calculate)
    {
        var numbers = operands.Select(operand => Number(operand)).OfType<double>().ToArray();
        return numbers.Length == operands.Length && calculate(numbers) is var result && double.IsFinite(result) ? (true, result) : (false, null);
    }

    private static bool Holds(QueryComparison comparison, (bool IsDefined, JsonNode? Node) left, (bool IsDefined, JsonNode? Node) right)
    {
        if (!left.IsDefined || !right.IsDefined)
        {
            return false;
        }

        int? order = Number(left) is { } a && Number(right) is { } b ? a.CompareTo(b)
            : Text(left) is { } c && Text(right) is { } d ? string.CompareOrdinal(c, d)
            : null;
        return comparison switch
        {
            QueryComparison.Equal => JsonNode.DeepEquals(left.Node, right.Node),
            QueryComparison.NotEqual => !JsonNode.DeepEquals(left.Node, right.Node),
            QueryComparison.Less => order < 0,
            QueryComparison.LessOrEqual => order <= 0,
            QueryComparison.Greater => order > 0,
            _ => order >= 0,
        };
    }

    private static double? Number((bool IsDefined, JsonNode? Node) value) =>
        value is (true, JsonValue node) && node.GetValueKind() == JsonValueKind.Number ? node.GetValue<double>() : null;

    private static string? Text((bool IsDefined, JsonNode? Node) value) =>
        value is (true, JsonValue node) && node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;

    private static JsonNode? Node(QueryValue value) => value.Kind switch
    {
        QueryValueKind.Null => null,
        QueryValueKind.Truth => value.IsTrue,
        QueryValueKind.Number => value.Number,
        QueryValueKind.Text => value.Text,
        _ => JsonNode.Parse(value.Json.GetRawText()),
    };

    private sealed class JsonRow(JsonElement json) : IQueryRow
    {
        public string Key => "row";

        public QueryValue Find(QueryPath path)
        {
            var found = json;
            return path.Segments.All(segment => found.ValueKind == JsonValueKind.Object && found.TryGetProperty(segment, out found))
                ? QueryValue.Of(found)
                : QueryValue.Undefined;
        }
    }
}
