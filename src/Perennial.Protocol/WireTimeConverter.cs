using System.Text.Json;
using System.Text.Json.Serialization;

namespace Perennial.Protocol;

/// <summary>Instants in the format of <see cref="WireTime"/>; null is read as never, since clients write nulls for what they do not set.</summary>
internal sealed class WireTimeConverter : JsonConverter<DateTimeOffset>
{
    public override bool HandleNull => true;

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return DateTimeOffset.MinValue;
        }

        if (reader.TokenType == JsonTokenType.String && WireTime.TryParse(reader.GetString(), out var instant))
        {
            return instant;
        }

        throw new JsonException();
    }

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(WireTime.Format(value));
}
