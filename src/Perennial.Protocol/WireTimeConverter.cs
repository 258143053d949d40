using System.Text.Json;
using System.Text.Json.Serialization;

namespace Perennial.Protocol;

/// <summary>Instants in the format of <see cref="WireTime"/>.</summary>
internal sealed class WireTimeConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String && WireTime.TryParse(reader.GetString(), out var instant))
        {
            return instant;
        }

        throw new JsonException();
    }

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(WireTime.Format(value));
}
