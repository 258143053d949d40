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
    /// <summary>Chooses by the enrollment's policies, or the service's (dps-protocol §6).</summary>
    /// <param name="verdict">The device, attested.</param>
    /// <param name="recorded">Host name of the hub that the device is assigned to; null when it has none.</param>
    /// <param name="linked">The hubs to choose from.</param>
    public static AllocationPlan Plan(AttestationVerdict.Accepted verdict, string? recorded, LinkedHubs linked)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        ArgumentNullException.ThrowIfNull(linked);
        var enrollment = verdict.Enrollment;
        var policy = enrollment.AllocationPolicy ?? linked.Terms.Default;
        var kept = enrollment.ReprovisionPolicy.UpdateHubAssignment ? null : linked.FindLink(recorded);
        var eligible = kept is null ? Eligible(enrollment, linked) : [kept];
        if (eligible.Count == 0)
        {
            return new AllocationPlan.Failed(new Refusal(
                AllocationRefusals.NoEligibleHub,
                $"{enrollment.Key} names {Names(enrollment.HubHostNames)}; linked are {Names(linked.HostNames)}."));
        }

        return policy == AllocationPolicy.Custom
            ? new AllocationPlan.Asked(eligible)
            : new AllocationPlan.Chosen(new AllocatedDevice(verdict, Choose(policy, verdict.RegistrationId, eligible, linked.Terms).Hub));
    }

    /// <summary>Takes what a custom allocation chose, when it is among those it was offered.</summary>
    public static AllocationPlan Take(
        AttestationVerdict.Accepted verdict, CustomAllocationAnswer.Chosen answer, IReadOnlyList<HubLink> eligible)
    {
        ArgumentNullException.ThrowIfNull(answer);
        var link = eligible.FirstOrDefault(link => string.Equals(link.HostName, answer.HubHostName, StringComparison.OrdinalIgnoreCase));
        return link is null
            ? new AllocationPlan.Failed(new Refusal(
                AllocationRefusals.CustomAllocationChoseNoHub,
                $"It chose '{answer.HubHostName}'; offered were {Names([.. eligible.Select(offered => offered.HostName)])}."))
            : new AllocationPlan.Chosen(new AllocatedDevice(verdict, link.Hub) { Custom = answer });
    }

    private static IReadOnlyList<HubLink> Eligible(Enrollment enrollment, LinkedHubs linked)
    {
        var names = enrollment.HubHostNames;
        return names.Count == 0
            ? [.. linked.All.Where(link => link.AppliesAllocationPolicy)]
            : [.. linked.All.Where(link => names.Contains(link.HostName, StringComparer.OrdinalIgnoreCase))];
    }

    private static HubLink Choose(AllocationPolicy policy, RegistrationId id, IReadOnlyList<HubLink> eligible, AllocationTerms terms) => policy switch
    {
        AllocationPolicy.Static => eligible[0],
        AllocationPolicy.GeoLatency => ByHash(id, terms.Latencies.Nearest(id, eligible)),
        _ => ByHash(id, eligible),
    };

    // Weighted rendezvous hashing: a hub that joins or leaves moves only the devices that go to it or come from it.
    private static HubLink ByHash(RegistrationId id, IReadOnlyList<HubLink> eligible) =>
        eligible.MaxBy(link => link.Weight / -Math.Log(Draw(id, link)))!;

    // A number in (0, 1) that depends on the device and the hub alone.
    private static double Draw(RegistrationId id, HubLink link)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
#pragma warning disable CA1308 // Ids and host names are compared without case; lower case is their canonical form.
        SHA256.HashData(Encoding.UTF8.GetBytes($"{id.Value.ToLowerInvariant()}\n{link.HostName.ToLowerInvariant()}"), hash);
#pragma warning restore CA1308
        return ((BinaryPrimitives.ReadUInt64BigEndian(hash) >> 11) + 0.5) / (1UL << 53);
    }

    private static string Names(IReadOnlyList<string> names) => names.Count == 0 ? "none" : string.Join(", ", names);
}
