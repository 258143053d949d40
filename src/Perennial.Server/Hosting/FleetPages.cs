using Perennial.Provisioning.CaCertificates;
using Perennial.Rolling.Impact;
using Perennial.Server.Breach;
using Perennial.Server.Hubs;
using Perennial.Server.Instances;
using Perennial.Server.Notices;
using Perennial.Server.Portal;
using Perennial.Server.Portal.Certificates;
using Perennial.Server.Portal.Enrollments;
using Perennial.Server.Portal.Hubs;
using Perennial.Server.Portal.Refusals;
using Perennial.Server.Portal.Registrations;
using Perennial.Server.Portal.Settings;
using Perennial.Server.Portal.Trail;
using Perennial.Server.Storage.Sql;
using Perennial.Server.Users;
using Perennial.X509;

namespace Perennial.Server.Hosting;

/// <summary>The portal's pages of devices, of trust and of the service put together.</summary>
internal static class FleetPages
{
    public static IEnumerable<IPortalPages> Of(PortalSurroundings around, TimeProvider time)
    {
        var database = around.Database;
        var registrations = new RegistrationStore(database, time);
        var device = new FindDevice(
            registrations,
            new EnrollmentStore(database, time),
            new IssuedLeafStore(database),
            new SightingStore(database),
            new PresentedStore(database),
            new RollListStore(database),
            around.Hubs,
            time);
        yield return new RegistrationListPages(new RegistrationListStore(database), time);
        var shown = new ShownCredentials(new SightingStore(database), new PresentedStore(database), around.Judge);
        var identities = new PreviewIdentities(shown, new EnrollmentStore(database, time), around.Instance.Document.ClockSkew, time);
        var notes = new AuditNotes(database, time);
        var delete = new DeleteRegistration(registrations, new BlockStore(database, time), around.Hubs);
        yield return new DevicePages(device, delete, around.Hubs, new DisconnectDevice(notes), identities, notes);
        yield return new RefusalPages(new RefusalListStore(database), around.Refusals.Recent, device, time);
        foreach (var page in OfTrust(around, time))
        {
            yield return page;
        }

        yield return new TrailPages(new AuditStore(database), time);
        foreach (var page in OfService(around, time))
        {
            yield return page;
        }
    }

    private static IEnumerable<IPortalPages> OfTrust(PortalSurroundings around, TimeProvider time)
    {
        var (database, authority) = (around.Database, around.Authority);
        var (cas, uses) = (new CaCertificateStore(database, time), new CaUseStore(database));
        var policy = new ChainPolicy(new ChainPolicyOptions { ClockSkew = around.Instance.Document.ClockSkew }, new SignatureCache());
        var impact = new ShowImpact(new PreviewImpact(new PresentedChains(database), new PresentedKeys(database), around.Judge, around.Hubs.FollowingEnrollments, time));
        var notes = new AuditNotes(database, time);
        yield return new CertificatesPages(cas, uses, authority.Issuers, authority.Profiles, time);
        yield return new CaPages(cas, uses, new ChangeCaCertificate(cas, around.Provisioning.Links.Linked, policy, time), new PlanChange(new EnrollmentStore(database, time), cas), impact, notes, time);
        yield return new IssuerPages(
            authority.Issuers,
            authority.Profiles,
            authority.CreateAuthority,
            authority.RequestAuthority,
            authority.ActivateAuthority,
            authority.RevokeAuthority,
            impact,
            notes,
            time);
    }

    private static IEnumerable<IPortalPages> OfService(PortalSurroundings around, TimeProvider time)
    {
        var (instance, database) = (around.Instance, around.Database);
        var (audit, users, webhooks) = (new AuditNotes(database, time), new UserStore(database, time), new WebhookStore(database, time));
        var policyFile = instance.PolicyFile(time);
        yield return new HubPages(around.Provisioning.Links, around.Hubs);
        yield return new PolicyPages(instance.Document, new ChangePolicies(policyFile), policyFile, around.Policies, around.Hubs, audit);
        yield return new UserPages(instance.Document, users, new InviteUser(users, time), time);
        yield return new WebhookPages(webhooks, new SaveWebhook(webhooks), audit, time);
    }
}
