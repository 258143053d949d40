using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Perennial.Server.Portal.Layout;
using Perennial.Server.Users;

namespace Perennial.Server.Portal.Access;

/// <summary>Signing in and out, and becoming a user.</summary>
internal sealed class AccessPages(
    SignIn signIn, AcceptInvitation accept, IUserStore users, SessionCookie sessions, string issuer, string? provider, Action<string> count, TimeProvider time)
    : IPortalPages
{
    public const string SignInPath = "/sign-in";

    public const string JoinPath = "/join";

    public const string ProviderPath = "/sign-in/provider";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Page(SignInPath, ShowAsync, least: null);
        routes.Form(SignInPath, SignInAsync, least: null);
        routes.Page(JoinPath, ShowInvitationAsync, least: null);
        routes.Form(JoinPath, JoinAsync, least: null);
        routes.Form("/sign-out", SignOutAsync, least: null);
        routes.Form("/theme", ChangeTheme, least: null);
    }

    private async Task<IResult> ShowAsync(HttpContext context) =>
        PortalUser.IsSignedIn(context.User)
            ? PortalReply.SeeOther(PortalReply.Local(context.Request.Query["return"]))
            : PortalReply.Page<SignInPage>(new SignInModel
            {
                Return = PortalReply.Local(context.Request.Query["return"]),
                IsFirst = provider is null && (await users.ListAsync(context.RequestAborted)).Count == 0,
                Provider = provider,
            });

    private async Task<IResult> SignInAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var outcome = await signIn.RunAsync(form["name"], form["password"], form["code"], context.RequestAborted);
        count(WordOf(outcome));
        if (outcome is SignInOutcome.SignedIn signedIn)
        {
            sessions.Give(context, signedIn.Token);
            return PortalReply.SeeOther(PortalReply.Local(form["return"]));
        }

        var model = new SignInModel { Return = PortalReply.Local(form["return"]), Name = form["name"], Fault = FaultOf(outcome), Provider = provider };
        return PortalReply.Page<SignInPage>(
            model, outcome is SignInOutcome.Wrong ? StatusCodes.Status401Unauthorized : StatusCodes.Status429TooManyRequests);
    }

    private static string WordOf(SignInOutcome outcome) => outcome switch
    {
        SignInOutcome.SignedIn => "signed-in",
        SignInOutcome.Wrong => "wrong",
        SignInOutcome.Locked => "locked",
        _ => "busy",
    };

    private string FaultOf(SignInOutcome outcome) => outcome switch
    {
        SignInOutcome.Wrong { Left: 1 } => "Name, password or code is wrong. After one more failed attempt this name is locked for a while.",
        SignInOutcome.Wrong wrong => $"Name, password or code is wrong. {wrong.Left} more attempts are left before this name is locked for a while.",
        SignInOutcome.Locked locked =>
            $"Too many attempts failed: this name is locked until {locked.Until.UtcDateTime:HH:mm:ss} UTC ({TimeWords.Between(time.GetUtcNow(), locked.Until)}). "
            + "Attempts until then are not looked at. An administrator of the machine can reset a user with: perennial user reset",
        SignInOutcome.Busy busy => $"Too many attempts are being made here at this moment. Try again in {Math.Ceiling(busy.Wait.TotalSeconds)} s.",
        _ => throw new InvalidOperationException($"{outcome} is no fault."),
    };

    private async Task<IResult> ShowInvitationAsync(HttpContext context)
    {
        var token = (string?)context.Request.Query["token"];
        return await accept.FindAsync(token, context.RequestAborted) is { } invitation
            ? PortalReply.Page<JoinPage>(ModelOf(invitation, token!))
            : Gone();
    }

    private async Task<IResult> JoinAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        if (await accept.FindAsync(form["token"], context.RequestAborted) is not { } invitation)
        {
            return Gone();
        }

        var outcome = invitation.NeedsPassword && form["password"] != form["again"]
            ? new AcceptOutcome.Invalid("The two passwords differ. Type the same one twice.")
            : await accept.RunAsync(form["token"], form["name"], form["password"], form["code"], context.RequestAborted);
        switch (outcome)
        {
            case AcceptOutcome.Accepted accepted:
                sessions.Give(context, accepted.Session);
                return PortalReply.SeeOther(PortalNavigation.Overview);
            case AcceptOutcome.Invalid invalid:
                return PortalReply.Page<JoinPage>(
                    ModelOf(invitation, form["token"]!) with { Fault = invalid.Sentence, Name = form["name"] }, StatusCodes.Status422UnprocessableEntity);
            default:
                return Gone();
        }
    }

    private async Task<IResult> SignOutAsync(HttpContext context)
    {
        await sessions.TakeAsync(context);
        return PortalReply.SeeOther(SignInPath);
    }

    private static async Task<IResult> ChangeTheme(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        ThemeChoice.Keep(context, form["theme"]);
        return PortalReply.SeeOther(PortalReply.Local(form["return"]));
    }

    private JoinModel ModelOf(Invitation invitation, string token)
    {
        var uri = invitation.Codes?.UriFor(invitation.Name?.Value ?? "administrator", $"Perennial {issuer}");
        var picture = uri is null ? null : QrPicture.Of(uri);
        return new JoinModel
        {
            Token = token,
            Invited = invitation.Name?.Value,
            Role = invitation.Role.ToString(),
            NeedsPassword = invitation.NeedsPassword,
            Secret = invitation.Codes?.Text,
            SecretUri = uri,
            PicturePath = picture?.Path,
            PictureSize = picture?.Size ?? 0,
        };
    }

    private static IResult Gone() => PortalReply.Message(
        StatusCodes.Status410Gone,
        "This address does not work",
        "It was used already, has expired, or was never made. An administrator of the machine makes a new one with: perennial user reset");
}
