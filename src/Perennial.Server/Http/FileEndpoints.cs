using Perennial.Protocol.Hub;

namespace Perennial.Server.Http;

/// <summary>File upload, which a hub without a blob store does not do (hub-protocol §2.3): devices learn it as an error that they do not repeat.</summary>
internal static class FileEndpoints
{
    public static Task<HubReply> RefuseAsync(DeviceCall call) => Task.FromResult(HubReply.Fail(
        HubError.InvalidOperation, $"File upload is not supported: the hub {call.Hub.HostName} has no blob store. Let the device upload elsewhere."));
}
