using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Perennial.Protocol;

/// <summary>Enumerations as text: read without regard to case, written exactly. Numbers and lists of names are refused.</summary>
internal abstract class WireEnumConverter<TEnum> : JsonConverter<TEnum>
    where TEnum : struct, Enum
{
    private readonly FrozenDictionary<TEnum, string> _names;
    private readonly FrozenDictionary<string, TEnum> _values;

    protected WireEnumConverter(Func<string, string> spell)
    {
        _names = Enum.GetValues<TEnum>().ToFrozenDictionary(value => value, value => spell(value.ToString()));
        _values = _names.ToFrozenDictionary(pair => pair.Value, pair => pair.Key, StringComparer.OrdinalIgnoreCase);
    }

    public override TEnum Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && _values.TryGetValue(reader.GetString()!, out var value) ? value : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, TEnum value, JsonSerializerOptions options) => writer.WriteStringValue(_names[value]);
}
