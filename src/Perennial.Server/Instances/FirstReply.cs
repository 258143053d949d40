using System.Text.Json.Serialization;

namespace Perennial.Server.Instances;

/// <summary>The first answer to a registration over MQTT; every client takes either, the real service sends the second (dps-protocol §1.9).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FirstReply>))]
internal enum FirstReply
{
    /// <summary>200 with the final state: no wait.</summary>
    [JsonStringEnumMemberName("immediate")]
    Immediate,

    /// <summary>202 <c>assigning</c>; the final state comes with the first poll.</summary>
    [JsonStringEnumMemberName("assigning")]
    Assigning,
}
