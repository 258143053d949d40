using System.Text.Json;
using Perennial.Hub.Devices;

namespace Perennial.Hub.Jobs;

/// <summary>The way of jobs to a method of a device.</summary>
public interface IJobMethod
{
    /// <summary>Tells what is wrong with a call; null when it can be made.</summary>
    string? Check(JsonElement call);

    /// <summary>Calls the method and waits for the answer.</summary>
    Task<JobMethodAnswer> CallAsync(DeviceId device, JsonElement call, CancellationToken cancellationToken);
}
