using Perennial.Hub.Devices;
using Perennial.Hub.Twins;

namespace Perennial.Hub.Queries;

/// <summary>An identity with its twin.</summary>
public sealed record StoredTwin(DeviceIdentity Device, Twin Twin);
