using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Impact;
using Perennial.Rolling.Rolls;
using Perennial.Server.Portal;
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
        var impact = new PreviewImpact(new PresentedChains(database), around.Judge, around.Hubs.FollowingEnrollments, time);
        var (save, issuers) = (new SaveEnrollment(enrollments, around.Provisioning.Links.Linked, time), new RolledIssuers(new IssuerStore(database, time), time));
        var (preview, create) = (new PreviewRoll(enrollments, save, impact, time), new CreateRoll(rolls, enrollments, time));
        yield return new RollListPages(list, time);
        yield return new NewRollPages(rolls, create, new CreateIssuerRoll(create, issuers, new MoveTrust(rolls, enrollments, save, issuers)), preview, time);
        yield return new RollPages(rolls, list, new SteerRoll(rolls, time), preview, around.Rehearsing, new RehearsalStore(database, time), new AuditStore(database), around.Steps, time);
    }
}
