using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Perennial.Provisioning;
using Perennial.Provisioning.CaCertificates;
using Perennial.Rolling.Impact;
using Perennial.Server.Audit;
using Perennial.Server.Portal.Enrollments;
using Perennial.Server.Portal.Layout;
using Perennial.Server.Storage.Sql;
using Perennial.Server.Users;
using Perennial.X509;

namespace Perennial.Server.Portal.Certificates;

/// <summary>A CA certificate: upload, code, proof of possession, deletion.</summary>
internal sealed class CaPages(ICaCertificateStore cas, CaUseStore uses, ChangeCaCertificate change, PlanChange plan, ShowImpact impact, IAuditNotes notes, TimeProvider time)
    : IPortalPages
{
    private const string NewPath = PortalNavigation.Certificates + "/new";
    private const string Pattern = PortalNavigation.Certificates + "/ca/{name}";

    /// <summary>Bytes of a verification code; twice as many hex digits fit a common name.</summary>
    private const int CodeLength = 24;

    private const string WantedCa = "Wanted is the certificate of a root or intermediate that signs, as PEM or DER.";

    public static string PathOf(string name) => $"{PortalNavigation.Certificates}/ca/{Uri.EscapeDataString(name)}";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Page(NewPath, _ => Task.FromResult(PortalReply.Page<NewCaPage>(new NewCaModel())), UserRole.Operator);
        routes.Form(NewPath, UploadAsync, UserRole.Operator);
        routes.Page(Pattern, context => ShowAsync(context, fault: null));
        routes.Page(Pattern + "/pem", DownloadAsync);
        routes.Form(Pattern + "/code", ChallengeAsync, UserRole.Operator);
        routes.Form(Pattern + "/verify", VerifyAsync, UserRole.Operator);
        routes.Form(Pattern + "/delete", DeleteAsync, UserRole.Operator);
    }

    private async Task<IResult> UploadAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var name = form["name"].ToString().Trim();
        if (await FaultOfUploadAsync(context, form, name) is { } fault)
        {
            return PortalReply.Page<NewCaPage>(new NewCaModel(name, fault), StatusCodes.Status422UnprocessableEntity);
        }

        return PortalReply.SeeOther($"{PathOf(name)}?done=uploaded");
    }

    private async Task<string?> FaultOfUploadAsync(HttpContext context, IFormCollection form, string name)
    {
        if (!CaCertificate.IsName(name))
        {
            return $"'{name}' is not a certificate's name: 1 to {CaCertificate.MaxNameLength} letters, digits and - . _";
        }

        if (await cas.FindAsync(name, context.RequestAborted) is not null)
        {
            return $"There is a CA certificate '{name}' already. Choose another name, or delete that one first.";
        }

        var (certificates, fault) = await PickedFile.ReadAsync(form.Files["file"], WantedCa, context.RequestAborted);
        if (fault is not null)
        {
            return fault;
        }

        var outcome = await change.SaveAsync(
            name, certificates[0], form["vouch"] == "yes" ? true : null, etag: null, PortalUser.ActorOf(context.User), context.RequestAborted);
        return FaultOf(outcome);
    }

    private async Task<IResult> ShowAsync(HttpContext context, string? fault, ImpactModel? deleting = null)
    {
        if (await cas.FindAsync(Name(context), context.RequestAborted) is not { } ca)
        {
            return NotFound();
        }

        var near = (await cas.ListAsync(new PageRequest(null, PageRequest.MaxSize), context.RequestAborted)).Items
            .Append(ca)
            .Where(other => other.Name == ca.Name || other.Certificate.Issuer.Key == ca.Certificate.Subject.Key || other.Certificate.Subject.Key == ca.Certificate.Issuer.Key);
        var model = new CaModel
        {
            Ca = ca,
            Uses = await uses.FindAsync(ca.Name, ca.Certificate.Thumbprint, context.RequestAborted),
            Tree = GrowTree.Run(near.Select(other => (other.Certificate, other.Name, other.Name == ca.Name ? null : PathOf(other.Name)))),
            Now = time.GetUtcNow(),
            MayChange = PortalUser.May(context.User, UserRole.Operator),
            Done = context.Request.Query["done"].ToString() switch
            {
                "uploaded" => "The CA certificate was uploaded.",
                "code" => "A verification code was made; the one before is worth nothing now.",
                "verified" => "Possession of the key is proven: the certificate counts.",
                _ => null,
            },
            Fault = fault,
            Deleting = deleting,
        };
        return PortalReply.Page<CaPage>(model, fault is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }

    private async Task<IResult> DownloadAsync(HttpContext context) => await cas.FindAsync(Name(context), context.RequestAborted) is { } ca
        ? Results.Text(Pem.Write(ca.Certificate), "application/x-pem-file")
        : NotFound();

    private async Task<IResult> ChallengeAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var code = Convert.ToHexString(RandomNumberGenerator.GetBytes(CodeLength));
        return await AnswerAsync(
            context, await change.ChallengeAsync(Name(context), form["etag"], code, PortalUser.ActorOf(context.User), context.RequestAborted), "code");
    }

    private async Task<IResult> VerifyAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var (certificates, fault) = await PickedFile.ReadAsync(
            form.Files["file"], "Wanted is a certificate with the code as its common name, signed by the CA's key.", context.RequestAborted);
        if (fault is not null)
        {
            return await ShowAsync(context, fault);
        }

        return CertificateChain.TryCreate(certificates[0], [], out var proof, out var refusal)
            ? await AnswerAsync(
                context, await change.VerifyAsync(Name(context), proof, form["etag"], PortalUser.ActorOf(context.User), context.RequestAborted), "verified")
            : await ShowAsync(context, $"{refusal.Reason.Title} {refusal.Detail}");
    }

    private async Task<IResult> DeleteAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        if (await cas.FindAsync(Name(context), context.RequestAborted) is not { } ca)
        {
            return NotFound();
        }

        var deleting = await impact.RunAsync(await plan.OfDeleteAsync(ca, context.RequestAborted), context.RequestAborted);
        if (LossForm.IsToBeShown(form, deleting))
        {
            return await ShowAsync(context, fault: null, deleting);
        }

        if (LossForm.FaultOf(form, deleting) is { } missing)
        {
            return await ShowAsync(context, missing, deleting);
        }

        var actor = PortalUser.ActorOf(context.User);
        var outcome = await change.DeleteAsync(ca.Name, form["etag"], actor, context.RequestAborted);
        if (outcome == DeleteOutcome.Deleted && LossForm.NoteOf(form, deleting, deleting.Summary.Change) is { } note)
        {
            await notes.NoteAsync(actor, "impact.accept", note, context.RequestAborted);
        }

        return outcome switch
        {
            DeleteOutcome.Deleted => PortalReply.SeeOther($"{PortalNavigation.Certificates}?done=deleted"),
            DeleteOutcome.NotFound => NotFound(),
            _ => await ShowAsync(context, Changed),
        };
    }

    private async Task<IResult> AnswerAsync(HttpContext context, CaCertificateOutcome outcome, string done) => FaultOf(outcome) is { } fault
        ? await ShowAsync(context, fault)
        : PortalReply.SeeOther($"{PathOf(Name(context))}?done={done}");

    private const string Changed = "It was changed meanwhile. Nothing was changed by this form; look at it as it is now.";

    private static string? FaultOf(CaCertificateOutcome outcome) => outcome switch
    {
        CaCertificateOutcome.Done => null,
        CaCertificateOutcome.Invalid invalid => invalid.Sentence,
        CaCertificateOutcome.NotFound => "It is gone.",
        _ => Changed,
    };

    private static IResult NotFound() => PortalReply.NotFound("There is no CA certificate of this name.");

    private static string Name(HttpContext context) => (string)context.Request.RouteValues["name"]!;
}
