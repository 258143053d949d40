using Perennial.Hub.Devices;
using Perennial.Hub.Registry;

namespace Perennial.Server.Hubs;

/// <summary>Makes out what a wish of a back end would change of an identity of a hub.</summary>
internal static class PlanIdentity
{
    /// <param name="hub">The hub.</param>
    /// <param name="requested">What would be written.</param>
    /// <param name="isNew">Whether the identity is to be made.</param>
    /// <param name="etag">The ETag that the stored identity must have; null takes any.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The change, or why it would not be made.</returns>
    public static async Task<(IdentityChange? Change, DeviceWrite Planned)> OfWriteAsync(
        ServedHub hub, RequestedDevice requested, bool isNew, string? etag, CancellationToken cancellationToken)
    {
        var stored = isNew ? null : await hub.Devices.FindAsync(requested.Id, cancellationToken);
        var planned = isNew ? await hub.Create.PlanAsync(requested, cancellationToken) : await hub.Save.PlanAsync(requested, etag, cancellationToken);
        return (planned is DeviceWrite.Saved saved ? new IdentityChange(stored, saved.Device) : null, planned);
    }

    /// <summary>The same of a deletion.</summary>
    public static async Task<(IdentityChange? Change, DeviceWrite Planned)> OfDeleteAsync(
        ServedHub hub, DeviceId id, string? etag, CancellationToken cancellationToken)
    {
        var stored = await hub.Devices.FindAsync(id, cancellationToken);
        var planned = await hub.Delete.PlanAsync(id, etag, cancellationToken);
        return (stored is not null && planned is DeviceWrite.Deleted ? new IdentityChange(stored, null) : null, planned);
    }
}
