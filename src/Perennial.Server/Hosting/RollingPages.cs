using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Impact;
using Perennial.Rolling.Rolls;
using Perennial.Server.Portal;
using Perennial.Server.Portal.Rolls;
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
        var preview = new PreviewRoll(enrollments, new SaveEnrollment(enrollments, around.Provisioning.Links.Linked, time), impact, time);
        yield return new RollListPages(list, time);
        yield return new NewRollPages(rolls, new CreateRoll(rolls, enrollments, time), preview, time);
        yield return new RollPages(rolls, list, new SteerRoll(rolls, time), preview, new AuditStore(database), around.Steps, time);
    }
}
