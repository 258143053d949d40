using System.Globalization;
using Perennial.Hub.Devices;
using Perennial.Provisioning;
using Perennial.Provisioning.Enrollments;
using Perennial.Provisioning.Registrations;
using Perennial.Rolling.Sightings;
using Perennial.Server.Hubs;
using Perennial.Server.Portal.Layout;
using Perennial.Server.Storage.Sql;
using Perennial.X509;

namespace Perennial.Server.Portal.Registrations;

/// <summary>Gathers what is known of a device: its registration, its identity on a hub of this process, its certificates, its sightings.</summary>
internal sealed class FindDevice(
    IRegistrationStore registrations,
    IEnrollmentStore enrollments,
    IIssuedLeafStore leaves,
    ISightingStore sightings,
    PresentedStore presented,
    RollListStore rolls,
    ServedHubs hubs,
    TimeProvider time)
{
    private const int RollsShown = 5;

    /// <param name="id">The registration id, or the id on the hub.</param>
    /// <param name="cancellationToken">Stops looking.</param>
    /// <returns>Null when nothing is known.</returns>
    public async Task<DeviceModel?> RunAsync(string id, CancellationToken cancellationToken)
    {
        var registrationId = RegistrationId.TryParse(id, out var parsed) ? parsed : null;
        var registration = registrationId is not null ? await registrations.FindAsync(registrationId, cancellationToken) : null;
        var (hub, identity) = await IdentityAsync(registration, id, cancellationToken);
        var seen = await sightings.ListAsync(id, cancellationToken);
        if (registration is null && identity is null && seen.Count == 0)
        {
            return null;
        }

        var enrollment = registration is null ? null : await enrollments.FindAsync(registration.Enrollment, cancellationToken);
        var last = seen.FirstOrDefault(sighting => sighting.Chain.Count > 0);
        return new DeviceModel
        {
            Id = registration?.Id.Value ?? identity?.Id.Value ?? seen[0].Device,
            Registration = registration,
            Enrollment = enrollment,
            Slots = Slots(enrollment, await sightings.LastBySlotAsync(id, cancellationToken)),
            Leaves = registrationId is not null ? await leaves.ListAsync(registrationId, cancellationToken) : [],
            Hub = hub?.HostName,
            Identity = identity,
            Connection = identity is null ? Hub.Sessions.ConnectionState.Never : hub!.Sessions.StateOf(identity.Id),
            Chain = last is null ? [] : await ChainAsync(last, cancellationToken),
            ChainAt = last?.At,
            Sightings = seen,
            Rolls = [.. (await rolls.OfDeviceAsync(id, RollsShown, time.GetUtcNow(), cancellationToken)).Select(each => new RolledDevice(each.Roll, each.Device))],
            Now = time.GetUtcNow(),
        };
    }

    /// <summary>The chain of a sighting as a tree, with what is known of its certificates.</summary>
    public async Task<IReadOnlyList<TreeNode>> ChainAsync(SightingRecord sighting, CancellationToken cancellationToken)
    {
        var known = await presented.FindAsync(sighting.Chain, cancellationToken);
        return TreeNode.OfChain(sighting.Chain.Select((thumbprint, i) => known.TryGetValue(thumbprint, out var certificate)
            ? NodeOf(certificate)
            : new TreeNode(i < sighting.Received.Count ? sighting.Received[i] : "A certificate that is not kept", $"SHA-256 {thumbprint}")));
    }

    private static TreeNode NodeOf(Certificate certificate) =>
        new(certificate.Subject.Text, string.Create(CultureInfo.InvariantCulture, $"SHA-256 {certificate.Thumbprint}")) { NotAfter = certificate.NotAfter };

    private async Task<(ServedHub? Hub, DeviceIdentity? Identity)> IdentityAsync(Registration? registration, string id, CancellationToken cancellationToken)
    {
        if (!DeviceId.TryParseIdentity(registration?.DeviceId ?? id, out var deviceId))
        {
            return (null, null);
        }

        foreach (var hub in registration?.AssignedHub is { } host ? hubs.All.Where(hub => hub == hubs.FindByHost(host)) : hubs.All)
        {
            if (await hub.Devices.FindAsync(deviceId, cancellationToken) is { } identity)
            {
                return (hub, identity);
            }
        }

        return (null, null);
    }

    private static IReadOnlyList<SlotLine> Slots(Enrollment? enrollment, IReadOnlyList<SightingRecord> bySlot)
    {
        return enrollment is null ? [] : [Line(Slot.Primary), Line(Slot.Secondary)];

        SlotLine Line(Slot slot) => new(
            slot.ToString(),
            enrollment.Mechanism is AttestationMechanism.X509 { Slots: var slots } ? slots[slot] : null,
            bySlot.FirstOrDefault(seen => seen.Match?.Enrollment == enrollment.Key && seen.Match.Slot == slot)?.At);
    }
}
