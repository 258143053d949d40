using Perennial.Hub.Devices;

namespace Perennial.Hub.Registry;

/// <summary>What became of a registry write.</summary>
public abstract record DeviceWrite
{
    private DeviceWrite()
    {
    }

    public sealed record Saved(DeviceIdentity Device) : DeviceWrite;

    public sealed record Deleted : DeviceWrite;

    public sealed record AlreadyExists : DeviceWrite;

    public sealed record NotFound : DeviceWrite;

    /// <summary>The device of the module is not there.</summary>
    public sealed record NoDevice : DeviceWrite;

    /// <summary>The device has as many modules as it may have.</summary>
    public sealed record TooManyModules : DeviceWrite;

    /// <summary>The stored identity has another ETag, or the request named none where one is needed.</summary>
    public sealed record PreconditionFailed : DeviceWrite;
}
