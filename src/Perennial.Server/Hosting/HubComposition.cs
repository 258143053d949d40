using Microsoft.Extensions.Logging;
using Perennial.Hub.Access;
using Perennial.Hub.Credentials;
using Perennial.Hub.Messages;
using Perennial.Hub.Sessions;
using Perennial.Provisioning.Attestation;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Sightings;
using Perennial.Server.Hubs;
using Perennial.Server.Instances;
using Perennial.Server.Limits;
using Perennial.Server.Policies;
using Perennial.Server.Storage.Sql;
using Perennial.X509;

namespace Perennial.Server.Hosting;

/// <summary>Puts the logical hubs of an instance together.</summary>
internal static class HubComposition
{
    public static async Task<ServedHubs> ComposeAsync(
        Instance instance,
        SqlDatabase database,
        IEnrollmentStore enrollments,
        ISightingStore sightings,
        DeviceAttestation attestation,
        ICredentialIssuance issuance,
        Action<Refusal, string> note,
        ChainPolicy policy,
        ILogger logger,
        TimeProvider time)
    {
        var served = new List<ServedHub>();
        foreach (var hub in instance.Document.Hubs)
        {
            served.Add(new ServedHub(
                SettingsOf(hub, instance.Document.Limits?.Hub ?? HubLimits.None, instance.Policies.OfHub(hub.Name)),
                await SqlHub.OpenAsync(database, hub.Name, FeedLimits.Default, time),
                new EnrollmentAttestation(enrollments, new BlockStore(database, time), attestation),
                new ConnectionLedger(sightings, hub.HostName),
                new RequestCertificate(issuance, note, exception => HubFaults.LogNotIssued(logger, hub.Name, exception), time),
                new KnownIssuers(new KnownIssuerStore(database)),
                policy,
                time));
        }

        return new ServedHubs(served);
    }

    private static HubSettings SettingsOf(HubDocument hub, HubLimits limits, IReadOnlyList<ServicePolicy> policies) => new()
    {
        Name = hub.Name,
        HostName = hub.HostName,
        Weight = hub.Weight,
        Behaviour = hub.FollowEnrollment ? HubBehaviour.FollowEnrollment : HubBehaviour.Azure,
        Limits = limits,
        Policies = new AccessPolicies(LivePolicies.AccessOf(policies)),
    };
}
