using System.Text;
using System.Text.Json;

namespace Perennial.Hub.Twins;

/// <summary>A JSON object that keeps the rules of a twin section and may be merged into one, or take its place.</summary>
public sealed class TwinPatch
{
    private TwinPatch(JsonElement json) => Json = json;

    /// <summary>Changes nothing.</summary>
    public static TwinPatch Empty { get; } = new(JsonElement.Parse("{}"));

    public JsonElement Json { get; }

    /// <summary>Checks names, values and depth; the size is known only after the merge.</summary>
    public static bool TryCreate(JsonElement json, [NotNullWhen(true)] out TwinPatch? patch, [NotNullWhen(false)] out TwinFault? fault)
    {
        var message = json.ValueKind == JsonValueKind.Object ? Check(json) : "A twin section must be a JSON object.";
        fault = message is null ? null : new TwinFault(TwinFaultKind.Invalid, message);
        patch = message is null ? new TwinPatch(json) : null;
        return message is null;
    }

    // Escapes are read only here: half of a surrogate pair comes to light as an invalid operation.
    private static string? Check(JsonElement json)
    {
        try
        {
            return CheckObject(json, 1);
        }
        catch (InvalidOperationException)
        {
            return "A name or a text is not Unicode.";
        }
    }

    private static string? CheckObject(JsonElement element, int depth)
    {
        if (depth > TwinLimits.MaxDepth)
        {
            return $"The object is nested deeper than {TwinLimits.MaxDepth} levels.";
        }

        foreach (var property in element.EnumerateObject())
        {
            if ((CheckName(property.Name) ?? CheckValue(property.Value, depth)) is { } message)
            {
                return message;
            }
        }

        return null;
    }

    private static string? CheckName(string name) =>
        name.Length == 0 ? "A name is empty."
        : Encoding.UTF8.GetByteCount(name) > TwinLimits.MaxNameLength ? $"A name is longer than {TwinLimits.MaxNameLength} bytes."
        : name.Any(c => char.IsControl(c) || c is '.' or '$' or '#' or ' ') ? $"The name '{Shown(name)}' holds a control character, '.', '$', '#' or a space."
        : null;

    private static string? CheckValue(JsonElement value, int depth) => value.ValueKind switch
    {
        JsonValueKind.Object => CheckObject(value, depth + 1),
        JsonValueKind.Array => CheckArray(value, depth + 1),
        JsonValueKind.String => CheckLength(value),
        JsonValueKind.Number => CheckNumber(value),
        _ => null,
    };

    private static string? CheckArray(JsonElement array, int depth)
    {
        if (depth > TwinLimits.MaxDepth)
        {
            return $"The object is nested deeper than {TwinLimits.MaxDepth} levels.";
        }

        foreach (var item in array.EnumerateArray())
        {
            if ((item.ValueKind == JsonValueKind.Null ? "An array holds null." : CheckValue(item, depth)) is { } message)
            {
                return message;
            }
        }

        return null;
    }

    private static string? CheckLength(JsonElement value) =>
        Encoding.UTF8.GetByteCount(value.GetString()!) > TwinLimits.MaxTextLength
            ? $"A text is longer than {TwinLimits.MaxTextLength} bytes."
            : null;

    private static string? CheckNumber(JsonElement value)
    {
        var text = value.GetRawText();
        var isInteger = !text.AsSpan().ContainsAny('.', 'e', 'E');
        var fits = isInteger
            ? value.TryGetInt64(out var integer) && integer is >= TwinLimits.MinInteger and <= TwinLimits.MaxInteger
            : value.TryGetDouble(out var real) && double.IsFinite(real);
        return fits ? null : $"The number {Shown(text)} lies outside {TwinLimits.MinInteger} to {TwinLimits.MaxInteger}.";
    }

    private static string Shown(string text) => text.Length <= 40 ? text : $"{text.AsSpan(0, 40)}…";
}
