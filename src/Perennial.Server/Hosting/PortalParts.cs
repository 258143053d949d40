using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Impact;
using Perennial.Rolling.Retirement;
using Perennial.Server.Hubs;
using Perennial.Server.Portal;
using Perennial.Server.Portal.Access;
using Perennial.Server.Portal.Enrollments;
using Perennial.Server.Portal.Overview;
using Perennial.Server.Storage.Sql;
using Perennial.Server.Users;

namespace Perennial.Server.Hosting;

/// <summary>The portal put together.</summary>
internal sealed class PortalParts : IDisposable
{
    private readonly PortalPipeline _pipeline;

    private readonly ProviderSignIn? _provider;

    private PortalParts(PortalPipeline pipeline, ProviderSignIn? provider)
    {
        _pipeline = pipeline;
        _provider = provider;
    }

    public required IUserStore Users { get; init; }

    /// <summary>The invitation of the first administrator, while there is no user.</summary>
    public required OneTimeToken? FirstInvitation { get; init; }

    public static async Task<PortalParts> ComposeAsync(PortalSurroundings around, ILoggerFactory loggers, TimeProvider time)
    {
        var (instance, database) = (around.Instance, around.Database);
        var (users, sessions) = (new UserStore(database, time), new SessionStore(database, time));
        var portal = instance.Document.Portal;
        var cookie = new SessionCookie(sessions, portal.SessionIdle, portal.IsSecure, time);
        var way = OutgoingHttp.ToProvider(OutgoingHttp.Trust(instance.Document.OutgoingTrust));
        var provider = portal.OpenId is { } openId
            ? new ProviderSignIn(portal, openId, new AdmitExternal(users, sessions, cookie, time), instance.KeysFolder, way, loggers)
            : null;
        IReadOnlyList<IPortalPages> pages =
        [
            new AccessPages(
                new SignIn(users, sessions, time),
                new AcceptInvitation(users, sessions, time),
                users,
                cookie,
                instance.Document.Host,
                provider?.Name,
                around.Measures.SignedIn,
                time),
            .. Pages(around, time),
            .. FleetPages.Of(around, time),
            .. RollingPages.Of(around, time),
        ];
        var pipeline = new PortalPipeline(
            instance.Document.Ports.Portal, new PlainPages(instance, database.AnswersAsync), cookie, provider, pages, loggers.CreateLogger<PortalPipeline>());
        return new PortalParts(pipeline, provider)
        {
            Users = users,
            FirstInvitation = await new InviteFirst(users, instance.KeysFolder).RunAsync(CancellationToken.None),
        };
    }

    /// <summary>Invites an administrator who needs neither password nor codes.</summary>
    public async Task<OneTimeToken> InviteGuestAsync(CancellationToken cancellationToken)
    {
        var token = OneTimeToken.Fresh();
        var invitation = new Invitation { Token = token.Hash, Name = UserName.Guest, Role = UserRole.Administrator, NeedsPassword = false };
        await Users.InviteAsync(invitation, "sandbox", cancellationToken);
        return token;
    }

    public void Dispose() => _provider?.Dispose();

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
            new RollStore(around.Database, time),
            around.Forecast,
            time);
        var (enrollments, sightings) = (new EnrollmentStore(around.Database, time), new SightingStore(around.Database));
        var (list, linked) = (new EnrollmentListStore(around.Database, time), around.Provisioning.Links.Linked);
        var save = new SaveEnrollment(enrollments, linked, time);
        var impact = new ShowImpact(new PreviewImpact(new PresentedChains(around.Database), new PresentedKeys(around.Database), around.Judge, around.Hubs.FollowingEnrollments, time));
        var notes = new AuditNotes(around.Database, time);
        yield return new EnrollmentListPages(
            list, new ChangeMany(list, enrollments, save, new DeleteEnrollment(enrollments, linked)), new PreviewMany(enrollments, impact, time), notes, time);
        yield return new NewEnrollmentPages(save, time);
        yield return new EnrollmentPages(
            enrollments,
            sightings,
            new EnrollmentUseStore(around.Database),
            around.Authority.Profiles,
            new CaCertificateStore(around.Database, time),
            linked,
            save,
            new RetireCertificate(enrollments, sightings, save),
            impact,
            notes,
            time);
    }
}
