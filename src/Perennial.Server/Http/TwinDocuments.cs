using System.Text.Json;
using System.Text.Json.Nodes;
using Perennial.Hub.Devices;
using Perennial.Hub.Twins;
using Perennial.Protocol.Hub.Registry;
using Perennial.Protocol.Provisioning.Enrollments;
using Perennial.Server.Hubs;
using HubConnectionState = Perennial.Hub.Sessions.ConnectionState;

namespace Perennial.Server.Http;

/// <summary>Twins between the wire and the hub (hub-protocol §4.4).</summary>
internal static class TwinDocuments
{
    private const string Metadata = "$metadata";
    private const string Version = "$version";

    public static TwinDocument From(DeviceIdentity device, Twin twin, HubConnectionState state, int waiting = 0) => new()
    {
        DeviceId = device.Id.Device,
        ModuleId = device.Id.Module,
        Etag = twin.ETag,
        DeviceEtag = device.ETag,
        Status = device.IsEnabled ? DeviceStatus.Enabled : DeviceStatus.Disabled,
        StatusReason = device.StatusReason,
        StatusUpdateTime = device.StatusUpdated ?? DateTimeOffset.MinValue,
        ConnectionState = state.IsConnected ? ConnectionState.Connected : ConnectionState.Disconnected,
        LastActivityTime = state.LastActivity ?? DateTimeOffset.MinValue,
        CloudToDeviceMessageCount = waiting,
        AuthenticationType = AuthenticationDocuments.TypeOf(device.Credential),
        X509Thumbprint = AuthenticationDocuments.Thumbprints(device.Credential),
        ModelId = twin.ModelId,
        Version = twin.Version,
        Tags = TwinNodes.ToObject(twin.Tags),
        Properties = new TwinPropertiesDocument { Desired = Section(twin.Desired), Reported = Section(twin.Reported) },
        Capabilities = new DeviceCapabilitiesDocument { IotEdge = device.IsEdge },
        DeviceScope = device.DeviceScope,
        ParentScopes = device.ParentScopes.Count == 0 ? null : device.ParentScopes,
    };

    public static JsonElement? Tags(TwinChangeDocument change) => change.Tags is { } tags ? TwinNodes.ToElement(tags) : null;

    /// <summary>The desired properties of a change, without what a caller read along with them and cannot write.</summary>
    public static JsonElement? Desired(TwinChangeDocument change)
    {
        if (change.Properties?.Desired is not { } desired)
        {
            return null;
        }

        desired.Remove(Metadata);
        desired.Remove(Version);
        return TwinNodes.ToElement(desired);
    }

    private static JsonObject Section(TwinSection section)
    {
        var json = TwinNodes.ToObject(section.Values);
        json[Metadata] = TwinNodes.ToObject(section.Metadata);
        json[Version] = section.Version;
        return json;
    }
}
