using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Perennial.Protocol;
using Perennial.Protocol.Provisioning;
using Perennial.Protocol.Provisioning.CaCertificates;
using Perennial.Provisioning.CaCertificates;
using Perennial.Rolling.Impact;
using Perennial.Server.Instances;
using Perennial.X509;

namespace Perennial.Server.Http;

/// <summary>The CA certificates of the service, in the shapes of Azure's control plane on our own paths (dps-protocol §8.2).</summary>
internal sealed class CaCertificateEndpoints(
    ServiceCall call, ICaCertificateStore store, ChangeCaCertificate change, PlanChange plan, AnswerImpact impact)
{
    private const string ItemType = "certificate";

    /// <summary>Bytes of a verification code; twice as many hex digits fit a common name.</summary>
    private const int CodeLength = 24;

    private static readonly ProvisioningError NoIfMatch =
        ProvisioningError.PreconditionFailed.WithMessage("The certificate exists: send its etag, or *, as If-Match.");

    public void Map(IEndpointRouteBuilder routes)
    {
        const string One = "/certificates/{name}";
        routes.MapGet("/certificates", call.Endpoint(ServiceRights.ServiceConfig, (context, _, _) => ListAsync(context)));
        routes.MapGet(One, call.Endpoint(ServiceRights.ServiceConfig, (context, _, _) => GetAsync(context)));
        routes.MapPut(One, call.Endpoint(ServiceRights.ServiceConfig, PutAsync));
        routes.MapDelete(One, call.Endpoint(ServiceRights.ServiceConfig, (context, policy, _) => DeleteAsync(context, policy)));
        routes.MapPost($"{One}/generateVerificationCode", call.Endpoint(ServiceRights.ServiceConfig, (context, policy, _) => ChallengeAsync(context, policy)));
        routes.MapPost($"{One}/verify", call.Endpoint(ServiceRights.ServiceConfig, VerifyAsync));
    }

    private async Task ListAsync(HttpContext context)
    {
        if (!PageHeaders.TryRead(context, out var page))
        {
            await call.ErrorAsync(context, ProvisioningError.BadRequest.WithMessage("x-ms-max-item-count or x-ms-continuation cannot be read."));
            return;
        }

        var found = await store.ListAsync(page, context.RequestAborted);
        PageHeaders.Write(context, ItemType, page, found.Next);
        var document = new CaCertificateListDocument { Value = [.. found.Items.Select(item => CaCertificateDocuments.From(item))] };
        await Reply.JsonAsync(context, StatusCodes.Status200OK, WireJson.ToUtf8(document));
    }

    private async Task GetAsync(HttpContext context)
    {
        if (await store.FindAsync(Name(context), context.RequestAborted) is { } certificate)
        {
            await ShowAsync(context, certificate);
        }
        else
        {
            await call.ErrorAsync(context, ProvisioningError.NotFound);
        }
    }

    private async Task PutAsync(HttpContext context, ServicePolicy policy, ReadOnlyMemory<byte> body)
    {
        var name = Name(context);
        if (!CaCertificate.IsName(name))
        {
            await call.ErrorAsync(context, ProvisioningError.BadRequest.WithMessage(
                $"'{name}' is not a certificate name: 1 to {CaCertificate.MaxNameLength} letters, digits and - . _"));
            return;
        }

        if (!TryRead(body.Span, out var certificate, out var request, out var fault))
        {
            await call.ErrorAsync(context, ProvisioningError.BadRequest.WithMessage(fault));
            return;
        }

        if (HasNoIfMatch(context) && await store.FindAsync(name, context.RequestAborted) is not null)
        {
            await call.ErrorAsync(context, NoIfMatch);
            return;
        }

        if (AnswerImpact.IsAsked(context))
        {
            var stored = await store.FindAsync(name, context.RequestAborted);
            var isVerified = request.Properties?.IsVerified ?? (stored is { IsVerified: true } && stored.Certificate.Thumbprint == certificate.Thumbprint);
            await impact.RunAsync(context, await plan.OfSaveAsync(name, certificate, isVerified, context.RequestAborted));
            return;
        }

        await AnswerAsync(context, await change.SaveAsync(
            name, certificate, request.Properties?.IsVerified, ServiceCall.IfMatch(context), ServiceCall.Actor(policy), context.RequestAborted));
    }

    private async Task DeleteAsync(HttpContext context, ServicePolicy policy)
    {
        if (HasNoIfMatch(context) && await store.FindAsync(Name(context), context.RequestAborted) is not null)
        {
            await call.ErrorAsync(context, NoIfMatch);
            return;
        }

        if (AnswerImpact.IsAsked(context))
        {
            await PreviewDeleteAsync(context);
            return;
        }

        var outcome = await change.DeleteAsync(Name(context), ServiceCall.IfMatch(context), ServiceCall.Actor(policy), context.RequestAborted);
        await EnrollmentEndpoints.AnswerDeleteAsync(context, call, outcome);
    }

    private async Task PreviewDeleteAsync(HttpContext context)
    {
        if (await store.FindAsync(Name(context), context.RequestAborted) is { } certificate)
        {
            await impact.RunAsync(context, await plan.OfDeleteAsync(certificate, context.RequestAborted));
        }
        else
        {
            await call.ErrorAsync(context, ProvisioningError.NotFound);
        }
    }

    private async Task ChallengeAsync(HttpContext context, ServicePolicy policy)
    {
        if (HasNoIfMatch(context))
        {
            await call.ErrorAsync(context, NoIfMatch);
            return;
        }

        var code = Convert.ToHexString(RandomNumberGenerator.GetBytes(CodeLength));
        var outcome = await change.ChallengeAsync(
            Name(context), ServiceCall.IfMatch(context), code, ServiceCall.Actor(policy), context.RequestAborted);
        await AnswerAsync(context, outcome, showsCode: true);
    }

    private async Task VerifyAsync(HttpContext context, ServicePolicy policy, ReadOnlyMemory<byte> body)
    {
        if (HasNoIfMatch(context))
        {
            await call.ErrorAsync(context, NoIfMatch);
        }
        else if (!TryRead(body.Span, out var certificate, out _, out var fault))
        {
            await call.ErrorAsync(context, ProvisioningError.BadRequest.WithMessage(fault));
        }
        else if (!CertificateChain.TryCreate(certificate, [], out var proof, out var refusal))
        {
            await call.ErrorAsync(context, ProvisioningError.BadRequest.WithMessage(refusal.Detail));
        }
        else
        {
            await AnswerAsync(context, await change.VerifyAsync(
                Name(context), proof, ServiceCall.IfMatch(context), ServiceCall.Actor(policy), context.RequestAborted));
        }
    }

    private Task AnswerAsync(HttpContext context, CaCertificateOutcome outcome, bool showsCode = false) => outcome switch
    {
        CaCertificateOutcome.Done done => ShowAsync(context, done.Certificate, showsCode),
        CaCertificateOutcome.Invalid invalid => call.ErrorAsync(context, ProvisioningError.BadRequest.WithMessage(invalid.Sentence)),
        CaCertificateOutcome.NotFound => call.ErrorAsync(context, ProvisioningError.NotFound),
        CaCertificateOutcome.ETagMismatch => call.ErrorAsync(context, ProvisioningError.PreconditionFailed),
        _ => throw new InvalidOperationException($"Unknown outcome {outcome.GetType().Name}."),
    };

    private static Task ShowAsync(HttpContext context, CaCertificate certificate, bool showsCode = false)
    {
        context.Response.Headers.ETag = $"\"{certificate.ETag}\"";
        return Reply.JsonAsync(context, StatusCodes.Status200OK, WireJson.ToUtf8(CaCertificateDocuments.From(certificate, showsCode)));
    }

    private static bool TryRead(
        ReadOnlySpan<byte> body,
        [NotNullWhen(true)] out Certificate? certificate,
        [NotNullWhen(true)] out CaCertificateRequest? request,
        [NotNullWhen(false)] out string? fault)
    {
        certificate = null;
        if (!WireJson.TryParse(body, out request, out fault))
        {
            return false;
        }

        var text = request.Properties?.Certificate ?? request.Certificate;
        if (string.IsNullOrWhiteSpace(text))
        {
            fault = "Send the certificate in 'properties.certificate', as PEM or base64 DER.";
            return false;
        }

        if (!Pem.TryReadCertificates(text, out var certificates, out var refusal))
        {
            fault = $"The certificate cannot be read. {refusal.Reason.Title} {refusal.Detail} {refusal.Reason.Remedy}";
            return false;
        }

        certificate = certificates[0];
        return true;
    }

    private static bool HasNoIfMatch(HttpContext context) => ETag.Parse(context.Request.Headers.IfMatch).IsMissing;

    private static string Name(HttpContext context) => ServiceCall.Segment(context, "name");
}
