using System.Text.Json.Serialization;

namespace Perennial.Protocol;

/// <summary>Enumerations spelled as declared: read without regard to case, written exactly; numbers are refused.</summary>
internal sealed class ExactEnumConverter<TEnum>() : JsonStringEnumConverter<TEnum>(namingPolicy: null, allowIntegerValues: false)
    where TEnum : struct, Enum;
