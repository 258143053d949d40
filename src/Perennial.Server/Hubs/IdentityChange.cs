using Perennial.Hub.Devices;

namespace Perennial.Server.Hubs;

/// <summary>A change of an identity of a hub that is not made yet.</summary>
/// <param name="Before">The identity as it stands; null for one that would be made.</param>
/// <param name="After">The identity as it would be; null for one that would be deleted.</param>
internal sealed record IdentityChange(DeviceIdentity? Before, DeviceIdentity? After)
{
    /// <summary>The identity that is told of: as it stands, or as it would be made.</summary>
    public DeviceIdentity Standing => Before ?? After!;

    public DeviceId Id => Standing.Id;

    /// <summary>What it is, for people.</summary>
    public string Sentence => $"{(After is null ? "delete" : Before is null ? "make" : "save")} the identity of the {(Id.IsModule ? "module" : "device")} '{Id}'";
}
