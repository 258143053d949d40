using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Retirement;
using Perennial.Server.Portal;
using Perennial.Server.Portal.Access;
using Perennial.Server.Portal.Enrollments;
using Perennial.Server.Portal.Overview;
using Perennial.Server.Storage.Sql;
using Perennial.Server.Users;

namespace Perennial.Server.Hosting;

/// <summary>The portal put together.</summary>
internal sealed class PortalParts
{
    private readonly PortalPipeline _pipeline;

    private PortalParts(PortalPipeline pipeline) => _pipeline = pipeline;

    public required IUserStore Users { get; init; }

    /// <summary>The invitation of the first administrator, while there is no user.</summary>
    public required OneTimeToken? FirstInvitation { get; init; }

    public static async Task<PortalParts> ComposeAsync(PortalSurroundings around, ILoggerFactory loggers, TimeProvider time)
    {
        var (instance, database) = (around.Instance, around.Database);
        var (users, sessions) = (new UserStore(database, time), new SessionStore(database, time));
        var portal = instance.Document.Portal;
        var cookie = new SessionCookie(sessions, portal.SessionIdle, portal.IsSecure, time);
        IReadOnlyList<IPortalPages> pages =
        [
            new AccessPages(
                new SignIn(users, sessions, time),
                new AcceptInvitation(users, sessions, time),
                users,
                cookie,
                instance.Document.Host,
                null,
                around.Measures.SignedIn,
                time),
            .. Pages(around, time),
            .. FleetPages.Of(around, time),
        ];
        return new PortalParts(new PortalPipeline(
            instance.Document.Ports.Portal, new PlainPages(instance, database.AnswersAsync), cookie, pages, loggers.CreateLogger<PortalPipeline>()))
        {
            Users = users,
            FirstInvitation = await new InviteFirst(users, instance.KeysFolder).RunAsync(CancellationToken.None),
        };
    }

    public void Use(WebApplication app) => _pipeline.Use(app);

    /// <summary>The pages behind the sign-in.</summary>
    private static IEnumerable<IPortalPages> Pages(PortalSurroundings around, TimeProvider time)
    {
        yield return new OverviewPages(
            around.Instance.Document,
            around.Certificate.AnchorThumbprint,
            around.Authority.SelfMadeRoots,
            around.Figures,
            around.Refusals.Recent,
            time);
        var (enrollments, sightings) = (new EnrollmentStore(around.Database, time), new SightingStore(around.Database));
        var (list, linked) = (new EnrollmentListStore(around.Database, time), around.Provisioning.Links.Linked);
        var save = new SaveEnrollment(enrollments, linked, time);
        yield return new EnrollmentListPages(list, new ChangeMany(list, enrollments, save, new DeleteEnrollment(enrollments, linked)), time);
        yield return new NewEnrollmentPages(save, time);
        yield return new EnrollmentPages(
            enrollments,
            sightings,
            new EnrollmentUseStore(around.Database),
            around.Authority.Profiles,
            linked,
            save,
            new RetireCertificate(enrollments, sightings, save),
            time);
    }
}
