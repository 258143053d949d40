using Perennial.Hub.Devices;

namespace Perennial.Server.Storage;

/// <summary>A logical hub of this process, by name, and a device on it.</summary>
internal sealed record AssignedPlace(string Hub, DeviceId Id);
