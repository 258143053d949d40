using System.Text.Json;
using System.Text.Json.Nodes;
using Perennial.Hub.Twins;
using Perennial.Protocol;
using Perennial.Protocol.Hub;

namespace Perennial.Server.Hubs;

/// <summary>What a device is told of its twin, whichever transport carries it (hub-protocol §1.5, §3.4).</summary>
/// <param name="Status">An HTTP status.</param>
/// <param name="Body">JSON; nothing when a change was taken.</param>
/// <param name="Version">The new version of the reported properties, when they were changed.</param>
internal sealed record TwinAnswer(int Status, byte[] Body, long? Version = null)
{
    private const string VersionName = "$version";

    public static TwinAnswer Whole(Twin twin) =>
        new(200, WireJson.ToUtf8(new DeviceTwinDocument { Desired = Section(twin.Desired), Reported = Section(twin.Reported) }));

    public static TwinAnswer Reported(long version) => new(204, [], version);

    public static TwinAnswer Error(HubError error, string message, DateTimeOffset at) =>
        new(error.HttpStatus, WireJson.ToUtf8(error.ToDocument(message, Guid.NewGuid(), at)));

    public static TwinAnswer Error(TwinFault fault, DateTimeOffset at) => Error(
        fault.Kind switch
        {
            TwinFaultKind.TooLarge => HubError.MessageTooLarge,
            TwinFaultKind.PreconditionFailed => HubError.PreconditionFailed,
            _ => HubError.ArgumentInvalid,
        },
        fault.Message,
        at);

    /// <summary>The body that tells of a change to the desired properties.</summary>
    public static byte[] Desired(DesiredNotice notice) => TwinNodes.ToUtf8(Versioned(notice.Patch, notice.Version));

    private static JsonObject Section(TwinSection section) => Versioned(section.Values, section.Version);

    private static JsonObject Versioned(JsonElement values, long version)
    {
        var json = TwinNodes.ToObject(values);
        json[VersionName] = version;
        return json;
    }
}
