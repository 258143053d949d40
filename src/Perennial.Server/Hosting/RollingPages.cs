using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Breaches;
using Perennial.Rolling.Impact;
using Perennial.Rolling.Rolls;
using Perennial.Server.Breach;
using Perennial.Server.Portal;
using Perennial.Server.Portal.Breach;
using Perennial.Server.Portal.Enrollments;
using Perennial.Server.Portal.Rolls;
using Perennial.Server.Rolls;
using Perennial.Server.Storage.Sql;

namespace Perennial.Server.Hosting;

/// <summary>The portal's pages of rolls put together.</summary>
internal static class RollingPages
{
    public static IEnumerable<IPortalPages> Of(PortalSurroundings around, TimeProvider time)
    {
        var database = around.Database;
        var (rolls, list, enrollments) = (new RollStore(database, time), new RollListStore(database), new EnrollmentStore(database, time));
        var impact = new PreviewImpact(new PresentedChains(database), new PresentedKeys(database), around.Judge, around.Hubs.FollowingEnrollments, time);
        var (save, issuers) = (new SaveEnrollment(enrollments, around.Provisioning.Links.Linked, time), new RolledIssuers(new IssuerStore(database, time), time));
        var (preview, create) = (new PreviewRoll(enrollments, save, impact, time), new CreateRoll(rolls, enrollments, time));
        foreach (var page in OfBreach(around, impact, time))
        {
            yield return page;
        }

        yield return new RollListPages(list, time);
        yield return new NewRollPages(rolls, create, new CreateIssuerRoll(create, issuers, new MoveTrust(rolls, enrollments, save, issuers)), preview, time);
        yield return new RollPages(rolls, list, new SteerRoll(rolls, time), preview, around.Rehearsing, new RehearsalStore(database, time), new AuditStore(database), new ProofStore(database, time), around.Steps, time);
    }

    private static IEnumerable<IPortalPages> OfBreach(PortalSurroundings around, PreviewImpact impact, TimeProvider time)
    {
        var database = around.Database;
        var (breaches, blocks, enrollments, rolls) = (new BreachStore(database), new BlockStore(database, time), new EnrollmentStore(database, time), new RollStore(database, time));
        var follow = new FollowBreach(breaches, enrollments, blocks, new DrainStore(database), new PresentedChains(database), time);
        var block = new BlockCredential(blocks, enrollments, around.Hubs, time);
        var hasOwn = around.Hubs.All.Any(hub => !around.Hubs.FollowingEnrollments.Contains(hub.Name)) || around.Provisioning.Links.Linked.HostNames.Count > around.Hubs.All.Count;
        var save = new SaveEnrollment(enrollments, around.Provisioning.Links.Linked, time);
        var steps = new BreachSteps(breaches, block, save, new CreateRoll(rolls, enrollments, time), rolls, time);
        yield return new BreachListPages(breaches, follow, blocks, block, time);
        yield return new BreachPages(breaches, follow, steps, new CaUseStore(database), new ShowImpact(impact), new AuditNotes(database, time), hasOwn, time);
    }
}
