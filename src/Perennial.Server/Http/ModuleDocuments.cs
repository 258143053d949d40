using Perennial.Hub.Devices;
using Perennial.Hub.Registry;
using Perennial.Protocol.Hub.Registry;
using DeviceId = Perennial.Hub.Devices.DeviceId;
using HubConnectionState = Perennial.Hub.Sessions.ConnectionState;

namespace Perennial.Server.Http;

/// <summary>Identities of modules between the wire and the registry (hub-protocol §4.2).</summary>
internal static class ModuleDocuments
{
    public static ModuleIdentityDocument From(DeviceIdentity module, HubConnectionState state, int waiting) => new()
    {
        ModuleId = module.Id.Module,
        ManagedBy = module.ManagedBy,
        DeviceId = module.Id.Device,
        GenerationId = module.GenerationId,
        Etag = module.ETag,
        ConnectionState = state.IsConnected ? ConnectionState.Connected : ConnectionState.Disconnected,
        ConnectionStateUpdatedTime = state.Updated ?? DateTimeOffset.MinValue,
        LastActivityTime = state.LastActivity ?? DateTimeOffset.MinValue,
        CloudToDeviceMessageCount = waiting,
        Authentication = AuthenticationDocuments.From(module.Credential),
    };

    /// <summary>Reads what a write of this module asks for. The type <c>none</c> asks for keys, as a missing one does.</summary>
    public static bool TryRead(
        ModuleIdentityDocument document, DeviceId id, [NotNullWhen(true)] out RequestedDevice? requested, [NotNullWhen(false)] out string? fault)
    {
        requested = null;
        if (Differs(document.DeviceId, id.Device) || Differs(document.ModuleId, id.Module!))
        {
            fault = $"The body names the module '{document.DeviceId}/{document.ModuleId}', the path '{id}'.";
            return false;
        }

        var authentication = document.Authentication is { Type: AuthenticationType.None } none ? none with { Type = AuthenticationType.Sas } : document.Authentication;
        if (!AuthenticationDocuments.TryRead(authentication, out var credential, out fault))
        {
            return false;
        }

        requested = new RequestedDevice { Id = id, Credential = credential, ManagedBy = document.ManagedBy };
        return true;
    }

    private static bool Differs(string? named, string id) => named is not null && !string.Equals(named, id, StringComparison.Ordinal);
}
