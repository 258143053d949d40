namespace Perennial.Protocol;

/// <summary>Enumerations spelled as declared.</summary>
internal sealed class ExactEnumConverter<TEnum>() : WireEnumConverter<TEnum>(name => name)
    where TEnum : struct, Enum;
