using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Perennial.Authority.Authorities;
using Perennial.Authority.Issuers;
using Perennial.Authority.Keys;
using Perennial.Authority.Revocation;
using Perennial.Rolling.Impact;
using Perennial.Server.Audit;
using Perennial.Server.Portal.Enrollments;
using Perennial.Server.Portal.Layout;
using Perennial.Server.Users;
using Perennial.X509;

namespace Perennial.Server.Portal.Certificates;

/// <summary>Issuing authorities: make one, have one signed elsewhere, take its certificate, revoke.</summary>
internal sealed class IssuerPages(
    IIssuerStore issuers,
    IProfileStore profiles,
    CreateAuthority create,
    RequestAuthority request,
    ActivateAuthority activate,
    RevokeAuthority revoke,
    ShowImpact impact,
    IAuditNotes notes,
    TimeProvider time) : IPortalPages
{
    private const string NewPath = PortalNavigation.Certificates + "/issuers/new";
    private const string Pattern = PortalNavigation.Certificates + "/issuers/{id}";

    public static string PathOf(string id) => $"{PortalNavigation.Certificates}/issuers/{Uri.EscapeDataString(id)}";

    public static IssuerLine LineOf(IssuerSlot slot) => new()
    {
        Id = slot.Id,
        Issuer = slot.IssuerName,
        State = slot.State.ToString(),
        Certificate = slot.Certificate,
        Key = slot.Key.IsToken ? "on a token" : slot.Key.IsRemote ? "another authority, by EST" : "file",
        Since = slot.Since,
    };

    public static ProfileLine LineOf(CertificateProfile profile) => new(profile.Name, profile.IssuerName, profile.Validity, profile.AllowsSelfRoll);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Page(NewPath, _ => Task.FromResult(PortalReply.Page<NewIssuerPage>(new NewIssuerModel())), UserRole.Administrator);
        routes.Form(NewPath, MakeAsync, UserRole.Administrator);
        routes.Page(Pattern, context => ShowAsync(context, fault: null));
        routes.Form(Pattern + "/activate", ActivateAsync, UserRole.Administrator);
        routes.Form(Pattern + "/revoke", RevokeAsync, UserRole.Administrator);
    }

    private async Task<IResult> MakeAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var (name, actor) = (form["issuer"].ToString().Trim(), PortalUser.ActorOf(context.User));
        if (!IssuerSlot.IsIssuerName(name) || !Enum.TryParse<KeyAlgorithm>(form["key"], out var algorithm) || !Enum.IsDefined(algorithm))
        {
            return Refuse(name, $"'{name}' cannot be the name of an issuer: 1 to 50 letters, digits and - _ .");
        }

        var wishes = new AuthorityWishes { IssuerName = name, Algorithm = algorithm };
        try
        {
            if (form["root"] == "elsewhere")
            {
                var (slot, wanted) = await request.RunAsync(wishes, commonName: null, actor, context.RequestAborted);
                var pem = PemEncoding.WriteString("CERTIFICATE REQUEST", wanted.Der.Span) + "\n";
                return PortalReply.Page<NewIssuerPage>(new NewIssuerModel { Issuer = name, Request = pem, Slot = slot.Id });
            }

            return PortalReply.SeeOther($"{PathOf((await create.RunAsync(wishes, actor, context.RequestAborted)).Id)}?done=made");
        }
        catch (Exception exception) when (exception is KeyUnavailableException or IssuerChangedException)
        {
            return Refuse(name, exception.Message);
        }
    }

    private async Task<IResult> ShowAsync(HttpContext context, string? fault, ImpactModel? revoking = null, string? reason = null)
    {
        if (await issuers.FindAsync(Id(context), context.RequestAborted) is not { } slot)
        {
            return PortalReply.NotFound("There is no issuing authority of this id.");
        }

        Certificate[] chain = slot.Certificate is { } own ? [own, .. slot.Above] : [];
        var model = new IssuerModel
        {
            Line = LineOf(slot),
            Chain = TreeNode.OfChain(chain.Select(each => new TreeNode(each.Subject.Text, $"SHA-256 {each.Thumbprint}") { NotAfter = each.NotAfter })),
            Profiles =
            [
                .. (await profiles.ListAsync(context.RequestAborted))
                    .Where(profile => string.Equals(profile.IssuerName, slot.IssuerName, StringComparison.OrdinalIgnoreCase)).Select(LineOf),
            ],
            Now = time.GetUtcNow(),
            MayIssue = PortalUser.May(context.User, UserRole.Administrator),
            Done = context.Request.Query["done"].ToString() switch
            {
                "made" => "The issuing authority was made, and issues from now on. The one before is old; what it issued stays good.",
                "active" => "The certificate was taken, and the authority issues from now on. The one before is old; what it issued stays good.",
                "revoked" => "The issuing authority was revoked. What it issued is refused.",
                _ => null,
            },
            Fault = fault,
            Revoking = revoking,
            RevocationReason = reason,
        };
        return PortalReply.Page<IssuerPage>(model, fault is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }

    private async Task<IResult> ActivateAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var (chain, fault) = await PickedFile.ReadAsync(
            form.Files["file"], "Wanted is PEM: the certificate of the authority first, then all above it up to the root.", context.RequestAborted);
        if (fault is not null)
        {
            return await ShowAsync(context, fault);
        }

        try
        {
            return await activate.RunAsync(chain, PortalUser.ActorOf(context.User), context.RequestAborted) switch
            {
                ActivationOutcome.Activated activated => PortalReply.SeeOther($"{PathOf(activated.Slot.Id)}?done=active"),
                ActivationOutcome.Refused { Refusal: var refusal } => await ShowAsync(context, $"{refusal.Reason.Title} {refusal.Detail} {refusal.Reason.Remedy}"),
                var other => throw new InvalidOperationException($"Unknown outcome {other.GetType().Name}."),
            };
        }
        catch (Exception exception) when (exception is KeyUnavailableException or IssuerChangedException)
        {
            return await ShowAsync(context, exception.Message);
        }
    }

    private async Task<IResult> RevokeAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        if (!Enum.TryParse<RevocationReason>(form["reason"], out var reason) || !Enum.IsDefined(reason))
        {
            return await ShowAsync(context, "Say why it is revoked.");
        }

        var slot = await issuers.FindAsync(Id(context), context.RequestAborted);
        var losing = slot is null ? null : await impact.RunAsync(PlanChange.OfRevocation(slot.Id), context.RequestAborted);
        if (losing is not null && LossForm.IsToBeShown(form, losing))
        {
            return await ShowAsync(context, fault: null, losing, reason.ToString());
        }

        if (losing is not null && LossForm.FaultOf(form, losing) is { } missing)
        {
            return await ShowAsync(context, missing, losing, reason.ToString());
        }

        var actor = PortalUser.ActorOf(context.User);
        try
        {
            if (await revoke.RunAsync(Id(context), reason, actor, context.RequestAborted) is not { } revoked)
            {
                return PortalReply.NotFound("There is no issuing authority of this id.");
            }

            if (losing is not null && LossForm.NoteOf(form, losing, losing.Summary.Change) is { } note)
            {
                await notes.NoteAsync(actor, "impact.accept", note, context.RequestAborted);
            }

            return PortalReply.SeeOther($"{PathOf(revoked.Id)}?done=revoked");
        }
        catch (IssuerChangedException exception)
        {
            return await ShowAsync(context, exception.Message);
        }
    }

    private static IResult Refuse(string name, string fault) =>
        PortalReply.Page<NewIssuerPage>(new NewIssuerModel { Issuer = name, Fault = fault }, StatusCodes.Status422UnprocessableEntity);

    private static string Id(HttpContext context) => (string)context.Request.RouteValues["id"]!;
}
