using System.Text.Json.Serialization;

namespace Perennial.Agent.Configuration;

/// <summary>The kinds of keys that are made.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<KeyAlgorithm>))]
internal enum KeyAlgorithm
{
    [JsonStringEnumMemberName("P-256")]
    P256,

    [JsonStringEnumMemberName("P-384")]
    P384,

    [JsonStringEnumMemberName("RSA-2048")]
    Rsa2048,

    [JsonStringEnumMemberName("RSA-3072")]
    Rsa3072,
}
