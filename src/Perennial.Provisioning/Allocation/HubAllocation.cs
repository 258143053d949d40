using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Perennial.Provisioning.Attestation;
using Perennial.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Provisioning.Allocation;

/// <summary>The choice of a hub for an attested device. Pure.</summary>
public static class HubAllocation
{
    /// <summary>Chooses by the enrollment's policies (dps-protocol §6).</summary>
    /// <param name="verdict">The device, attested.</param>
    /// <param name="recorded">Host name of the hub that the device is assigned to, where the policy may leave it; null when it has none.</param>
    /// <param name="linked">The hubs to choose from.</param>
    /// <param name="device">The device with its hub.</param>
    /// <param name="refusal">Why there is none.</param>
    public static bool TryAllocate(
        AttestationVerdict.Accepted verdict,
        string? recorded,
        LinkedHubs linked,
        [NotNullWhen(true)] out AllocatedDevice? device,
        [NotNullWhen(false)] out Refusal? refusal)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        ArgumentNullException.ThrowIfNull(linked);
        refusal = null;
        var hub = Recorded(verdict.Enrollment, recorded, linked) ?? Choose(verdict, linked.All);
        device = hub is null ? null : new AllocatedDevice(verdict, hub);
        if (device is null)
        {
            refusal = new Refusal(
                AllocationRefusals.NoEligibleHub,
                $"{verdict.Enrollment.Key} names {Names(verdict.Enrollment.HubHostNames)}; linked are {Names(linked.HostNames)}.");
        }

        return device is not null;
    }

    private static ILinkedHub? Recorded(Enrollment enrollment, string? recorded, LinkedHubs linked) =>
        enrollment.ReprovisionPolicy.UpdateHubAssignment ? null : linked.Find(recorded);

    private static ILinkedHub? Choose(AttestationVerdict.Accepted verdict, IReadOnlyList<ILinkedHub> linked)
    {
        var names = verdict.Enrollment.HubHostNames;
        var eligible = names.Count == 0 ? linked : [.. linked.Where(hub => names.Any(name => Is(hub, name)))];
        return verdict.Enrollment.AllocationPolicy switch
        {
            AllocationPolicy.Static => eligible.Count > 0 ? eligible[0] : null,
            _ => ByHash(verdict.RegistrationId, eligible),
        };
    }

    // Weighted rendezvous hashing: a hub that joins or leaves moves only the devices that go to it or come from it.
    private static ILinkedHub? ByHash(RegistrationId id, IReadOnlyList<ILinkedHub> eligible) =>
        eligible.Count == 0 ? null : eligible.MaxBy(hub => hub.Weight / -Math.Log(Draw(id, hub)));

    // A number in (0, 1) that depends on the device and the hub alone.
    private static double Draw(RegistrationId id, ILinkedHub hub)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
#pragma warning disable CA1308 // Ids and host names are compared without case; lower case is their canonical form.
        SHA256.HashData(Encoding.UTF8.GetBytes($"{id.Value.ToLowerInvariant()}\n{hub.HostName.ToLowerInvariant()}"), hash);
#pragma warning restore CA1308
        return ((BinaryPrimitives.ReadUInt64BigEndian(hash) >> 11) + 0.5) / (1UL << 53);
    }

    private static bool Is(ILinkedHub hub, string? hostName) => string.Equals(hub.HostName, hostName, StringComparison.OrdinalIgnoreCase);

    private static string Names(IReadOnlyList<string> names) => names.Count == 0 ? "none" : string.Join(", ", names);
}
