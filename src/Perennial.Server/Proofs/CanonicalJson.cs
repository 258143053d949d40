using System.Text.Json;
using System.Text.Json.Nodes;

namespace Perennial.Server.Proofs;

/// <summary>
/// JSON in one form only, so that it can be signed and checked after any program has laid it out anew: members in the order of their names, no white space,
/// nothing escaped that need not be, as RFC 8785 has it. Numbers are whole ones.
/// </summary>
internal static class CanonicalJson
{
    private const int Deepest = 32;

    public static byte[] Of(JsonNode? node)
    {
        var text = new StringBuilder();
        Write(text, node, 0);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void Write(StringBuilder text, JsonNode? node, int depth)
    {
        if (depth > Deepest)
        {
            throw new InvalidDataException("The report is nested too deeply.");
        }

        switch (node)
        {
            case JsonObject members:
                WriteMany(text, '{', '}', members.OrderBy(member => member.Key, StringComparer.Ordinal), member =>
                {
                    WriteText(text, member.Key);
                    text.Append(':');
                    Write(text, member.Value, depth + 1);
                });
                break;
            case JsonArray items:
                WriteMany(text, '[', ']', items, item => Write(text, item, depth + 1));
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                WriteText(text, (string)value!);
                break;
            default:
                text.Append(node is null ? "null" : node.ToJsonString());
                break;
        }
    }

    private static void WriteMany<T>(StringBuilder text, char open, char close, IEnumerable<T> parts, Action<T> write)
    {
        text.Append(open);
        var isFirst = true;
        foreach (var part in parts)
        {
            text.Append(isFirst ? "" : ",");
            write(part);
            isFirst = false;
        }

        text.Append(close);
    }

    private static void WriteText(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                < ' ' => text.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        }

        text.Append('"');
    }
}
