using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Perennial.Server.Portal;
using Perennial.Server.Portal.Access;
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
    }
}
