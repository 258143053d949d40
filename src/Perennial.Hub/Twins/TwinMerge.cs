using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Perennial.Hub.Twins;

/// <summary>The merge of a patch into an object: null deletes, objects merge, anything else takes the place of what was there.</summary>
internal static class TwinMerge
{
    private const string LastUpdated = "$lastUpdated";
    private const string LastUpdatedVersion = "$lastUpdatedVersion";

    public static JsonElement Values(JsonElement? old, JsonElement patch) => Write(writer => WriteValues(writer, old, patch));

    /// <summary>The metadata beside <see cref="Values"/>: for each name when it last changed, and at which version where that is kept.</summary>
    public static JsonElement Metadata(JsonElement? old, JsonElement patch, DateTimeOffset at, long? version) =>
        Write(writer => WriteMetadata(writer, old, patch, new Stamp(at.UtcDateTime.ToString("o", CultureInfo.InvariantCulture), version)));

    private static void WriteValues(Utf8JsonWriter writer, JsonElement? old, JsonElement patch)
    {
        var before = Members(old);
        writer.WriteStartObject();
        foreach (var (name, value) in Untouched(before, patch))
        {
            writer.WritePropertyName(name);
            value.WriteTo(writer);
        }

        foreach (var (name, value) in Members(patch).Where(member => member.Value.ValueKind != JsonValueKind.Null))
        {
            writer.WritePropertyName(name);
            if (value.ValueKind == JsonValueKind.Object)
            {
                WriteValues(writer, before.TryGetValue(name, out var inner) ? inner : null, value);
            }
            else
            {
                value.WriteTo(writer);
            }
        }

        writer.WriteEndObject();
    }

    private static void WriteMetadata(Utf8JsonWriter writer, JsonElement? old, JsonElement patch, Stamp stamp)
    {
        var before = Members(old);
        writer.WriteStartObject();
        WriteStamp(writer, stamp);
        foreach (var (name, value) in Untouched(before, patch).Where(member => member.Key[0] != '$'))
        {
            writer.WritePropertyName(name);
            value.WriteTo(writer);
        }

        foreach (var (name, value) in Members(patch).Where(member => member.Value.ValueKind != JsonValueKind.Null))
        {
            writer.WritePropertyName(name);
            if (value.ValueKind == JsonValueKind.Object)
            {
                WriteMetadata(writer, before.TryGetValue(name, out var inner) ? inner : null, value, stamp);
            }
            else
            {
                writer.WriteStartObject();
                WriteStamp(writer, stamp);
                writer.WriteEndObject();
            }
        }

        writer.WriteEndObject();
    }

    private static void WriteStamp(Utf8JsonWriter writer, Stamp stamp)
    {
        writer.WriteString(LastUpdated, stamp.At);
        if (stamp.Version is { } version)
        {
            writer.WriteNumber(LastUpdatedVersion, version);
        }
    }

    private static IEnumerable<KeyValuePair<string, JsonElement>> Untouched(Dictionary<string, JsonElement> before, JsonElement patch)
    {
        var touched = Members(patch);
        return before.Where(member => !touched.ContainsKey(member.Key));
    }

    private static Dictionary<string, JsonElement> Members(JsonElement? element)
    {
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        if (element is { ValueKind: JsonValueKind.Object } present)
        {
            foreach (var property in present.EnumerateObject())
            {
                members[property.Name] = property.Value;
            }
        }

        return members;
    }

    private static JsonElement Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            write(writer);
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }

    private sealed record Stamp(string At, long? Version);
}
