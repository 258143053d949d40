using Microsoft.AspNetCore.Http;
using Perennial.Hub.Sessions;
using Perennial.Server.Hubs;
using DeviceId = Perennial.Hub.Devices.DeviceId;

namespace Perennial.Server.Http;

/// <summary>A request of a device that its hub accepts.</summary>
internal sealed record DeviceCall(ServedHub Hub, DeviceVerdict.Accepted Verdict, HttpContext Context)
{
    public DeviceId Id => Verdict.Device.Id;

    public CancellationToken Aborted => Context.RequestAborted;
}
