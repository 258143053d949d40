using Perennial.Hub.Devices;
using Perennial.Hub.Registry;
using Perennial.Protocol.Hub.Registry;
using Perennial.Protocol.Provisioning.Enrollments;
using DeviceId = Perennial.Hub.Devices.DeviceId;
using HubConnectionState = Perennial.Hub.Sessions.ConnectionState;

namespace Perennial.Server.Http;

/// <summary>Device identities between the wire and the registry (hub-protocol §4.2).</summary>
internal static class DeviceDocuments
{
    public static DeviceIdentityDocument From(DeviceIdentity device, HubConnectionState state, int waiting = 0) => new()
    {
        DeviceId = device.Id.Value,
        GenerationId = device.GenerationId,
        Etag = device.ETag,
        ConnectionState = state.IsConnected ? ConnectionState.Connected : ConnectionState.Disconnected,
        Status = device.IsEnabled ? DeviceStatus.Enabled : DeviceStatus.Disabled,
        StatusReason = device.StatusReason,
        ConnectionStateUpdatedTime = state.Updated ?? DateTimeOffset.MinValue,
        StatusUpdatedTime = device.StatusUpdated ?? DateTimeOffset.MinValue,
        LastActivityTime = state.LastActivity ?? DateTimeOffset.MinValue,
        CloudToDeviceMessageCount = waiting,
        Authentication = AuthenticationDocuments.From(device.Credential),
        Capabilities = new DeviceCapabilitiesDocument { IotEdge = device.IsEdge },
        DeviceScope = device.DeviceScope,
        ParentScopes = device.ParentScopes,
    };

    /// <summary>Reads what a write of this device asks for.</summary>
    public static bool TryRead(
        DeviceIdentityDocument document, DeviceId id, [NotNullWhen(true)] out RequestedDevice? requested, [NotNullWhen(false)] out string? fault)
    {
        requested = null;
        if (document.DeviceId is { } named && !string.Equals(named, id.Value, StringComparison.Ordinal))
        {
            fault = $"The body names the device '{named}', the path '{id}'.";
            return false;
        }

        if (document.StatusReason is { Length: > DeviceIdentity.MaxStatusReasonLength })
        {
            fault = $"The status reason is longer than {DeviceIdentity.MaxStatusReasonLength} characters.";
            return false;
        }

        if (!AuthenticationDocuments.TryRead(document.Authentication, out var credential, out fault))
        {
            return false;
        }

        requested = new RequestedDevice
        {
            Id = id,
            IsEnabled = document.Status != DeviceStatus.Disabled,
            StatusReason = document.StatusReason,
            Credential = credential,
            IsEdge = document.Capabilities?.IotEdge == true,
            DeviceScope = document.DeviceScope,
            ParentScopes = document.ParentScopes ?? [],
        };
        return true;
    }
}
