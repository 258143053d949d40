using Perennial.Hub.Devices;
using Perennial.Provisioning;
using Perennial.Provisioning.Blocks;
using Perennial.Provisioning.Enrollments;
using Perennial.Provisioning.Registrations;
using Perennial.Server.Hubs;

namespace Perennial.Server.Breach;

/// <summary>
/// Deletes the record of a registration. It stays while it is all by which a hub that asks no enrollment knows that the device is one of a blocked group.
/// </summary>
internal sealed class DeleteRegistration(IRegistrationStore registrations, IBlockStore blocks, ServedHubs hubs)
{
    /// <param name="id">Whose record.</param>
    /// <param name="etag">The record's ETag as it was read; null matches any.</param>
    /// <param name="leaving">The hub whose identity of the device is deleted with it; null when it is kept.</param>
    /// <param name="actor">Who deletes it.</param>
    /// <param name="cancellationToken">Stops waiting; a write already taken up is still done.</param>
    /// <returns>What came of it, or one sentence why it stays.</returns>
    public async Task<(DeleteOutcome? Outcome, string? Fault)> RunAsync(
        RegistrationId id, string? etag, ServedHub? leaving, string actor, CancellationToken cancellationToken)
    {
        if (await registrations.FindAsync(id, cancellationToken) is { } registration && await FaultAsync(registration, leaving, cancellationToken) is { } fault)
        {
            return (null, fault);
        }

        return (await registrations.DeleteAsync(id, etag, actor, cancellationToken), null);
    }

    private async Task<string?> FaultAsync(Registration registration, ServedHub? leaving, CancellationToken cancellationToken)
    {
        var group = registration.Enrollment;
        return group.Kind == EnrollmentKind.Group
            && await blocks.FindAsync(BlockKind.Group, group.Id, cancellationToken) is { } block
            && await HolderAsync(registration, leaving, cancellationToken) is { } holder
            ? $"The {block.Describe()} is blocked, and by this registration the hub '{holder.HostName}' refuses the device, whose identity there has a credential of its own. "
                + "Delete the identity there first, or take the block away."
            : null;
    }

    private async Task<ServedHub?> HolderAsync(Registration registration, ServedHub? leaving, CancellationToken cancellationToken)
    {
        if (!DeviceId.TryParseIdentity(registration.DeviceId ?? registration.Id.Value, out var id))
        {
            return null;
        }

        foreach (var hub in hubs.All.Where(hub => hub != leaving))
        {
            if (await hub.Devices.FindAsync(id, cancellationToken) is { Credential: not DeviceCredential.FollowsEnrollment })
            {
                return hub;
            }
        }

        return null;
    }
}
