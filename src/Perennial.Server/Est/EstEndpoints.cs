using System.Formats.Asn1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Perennial.Authority.Authorities;
using Perennial.Authority.Issuers;
using Perennial.Provisioning.Attestation;
using Perennial.Provisioning.Blocks;
using Perennial.Provisioning.Issuance;
using Perennial.Provisioning.Registrations;
using Perennial.Server.Connections;
using Perennial.Server.Http;
using Perennial.Server.Limits;
using Perennial.Server.Storage;
using Perennial.X509;

namespace Perennial.Server.Est;

/// <summary>
/// EST (RFC 7030, RFC 8951) under <c>/.well-known/est[/{label}]</c>; a label is the name of a certificate profile. Who may enroll, enrollments say; what is
/// issued counts on the hubs as any leaf does.
/// </summary>
internal sealed class EstEndpoints(
    IProfileStore profiles, FindTrust trust, ObtainLeaf obtain, Throttle<ProvisioningOperation> limits, RefusalLedger refusals, TimeProvider time)
{
    private const string Root = "/.well-known/est";

    // An operation must not be taken for a label.
    private static readonly string[] Operations = ["cacerts", "simpleenroll", "simplereenroll", "csrattrs", "serverkeygen", "fullcmc"];

    public void Map(IEndpointRouteBuilder routes)
    {
        foreach (var path in new[] { Root, $"{Root}/{{label}}" })
        {
            routes.MapGet($"{path}/cacerts", Guarded(CaCertificatesAsync));
            routes.MapPost($"{path}/simpleenroll", Guarded(EnrollAsync));
            routes.MapPost($"{path}/simplereenroll", Guarded(ReenrollAsync));
            routes.MapGet($"{path}/csrattrs", Guarded(AttributesAsync));
            routes.MapPost($"{path}/serverkeygen", (RequestDelegate)RefuseKeysAsync);
        }
    }

    private static RequestDelegate Guarded(Func<HttpContext, string?, Task> answer) => async context =>
    {
        var label = context.Request.RouteValues["label"] as string;
        try
        {
            await (label is not null && Operations.Contains(label, StringComparer.Ordinal)
                ? EstAnswer.TextAsync(context, StatusCodes.Status404NotFound, "There is no such operation.")
                : answer(context, label));
        }
        catch (StorageUnavailableException)
        {
            await EstAnswer.LaterAsync(context, StatusCodes.Status503ServiceUnavailable, StorageUnavailableException.RetryAfter, "The service cannot answer now.");
        }
    };

    private static Task RefuseKeysAsync(HttpContext context) => EstAnswer.TextAsync(
        context,
        StatusCodes.Status501NotImplemented,
        "Keys are not made here: a device makes its own, which never leaves it. Use simpleenroll with a signing request.");

    private async Task CaCertificatesAsync(HttpContext context, string? label)
    {
        var issuers = (await profiles.ListAsync(context.RequestAborted))
            .Where(profile => label is null || string.Equals(profile.Name, label, StringComparison.OrdinalIgnoreCase))
            .Select(profile => profile.IssuerName)
            .Distinct(StringComparer.OrdinalIgnoreCase);
        var certificates = new List<Certificate>();
        foreach (var issuer in issuers)
        {
            if (await trust.RunAsync(issuer, context.RequestAborted) is { } found)
            {
                certificates.AddRange([.. found.Chain, .. found.Links, .. found.Former]);
            }
        }

        await (certificates.Count > 0
            ? EstAnswer.CertificatesAsync(context, certificates.DistinctBy(certificate => certificate.Thumbprint))
            : EstAnswer.TextAsync(context, StatusCodes.Status404NotFound, label is null ? "There is no authority here." : $"There is no authority for '{label}'."));
    }

    private async Task EnrollAsync(HttpContext context, string? label)
    {
        var at = time.GetUtcNow();
        if (!limits.TryPass(ProvisioningOperation.Register, out var wait))
        {
            refusals.Note(LimitRefusals.Rate(ProvisioningOperation.Register, wait), context.Connection.Id);
            await EstAnswer.LaterAsync(context, StatusCodes.Status429TooManyRequests, wait, "Too many devices ask at once.");
        }
        else if (!EstPeer.TryRead(context, at, out var device, out var refusal))
        {
            refusals.Note(refusal, context.Connection.Id);
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"registration id and key\"";
            await EstAnswer.TextAsync(context, StatusCodes.Status401Unauthorized, "Come with a certificate, or with a registration id and a key.");
        }
        else if (await ReadRequestAsync(context) is not { } body)
        {
            await EstAnswer.TextAsync(context, StatusCodes.Status413PayloadTooLarge, "A signing request has at most 8192 characters.");
        }
        else if (!CertificateSigningRequest.TryParse(body, out var request, out var unreadable))
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, unreadable, device);
        }
        else
        {
            await AnswerAsync(context, device, await obtain.RunAsync(device, label, request, context.RequestAborted));
        }
    }

    // A device proves itself by the certificate that it replaces (§4.2.2).
    private Task ReenrollAsync(HttpContext context, string? label) => context.Features.Get<PresentedCertificates>() is { IsEmpty: false }
        ? EnrollAsync(context, label)
        : EstAnswer.TextAsync(context, StatusCodes.Status401Unauthorized, "Come with the certificate that is to be replaced.");

    private async Task AnswerAsync(HttpContext context, AuthenticatedDevice device, (LeafOutcome? Outcome, AttestationVerdict.Refused? Refused) answer)
    {
        switch (answer.Outcome)
        {
            case LeafOutcome.Issued { Leaf: var leaf }:
                await EstAnswer.CertificatesAsync(context, [leaf.Leaf]);
                return;
            case LeafOutcome.Later later:
                refusals.Note(later.Refusal, device.RegistrationId.Value);
                var status = later.Refusal.Reason == LeafRefusals.NotDecided ? StatusCodes.Status202Accepted
                    : later.Refusal.Reason == LeafRefusals.TooMany || later.Refusal.Reason == DrainRefusals.NotItsTurn ? StatusCodes.Status429TooManyRequests
                    : StatusCodes.Status503ServiceUnavailable;
                await EstAnswer.LaterAsync(context, status, later.RetryAfter, later.Refusal.Reason.Title);
                return;
            case LeafOutcome.Refused { Refusal: var refusal }:
                await RefuseAsync(context, refusal.Reason == LeafRefusals.NoPolicy ? StatusCodes.Status403Forbidden : StatusCodes.Status400BadRequest, refusal, device);
                return;
            default:
                refusals.Note(answer.Refused!.Refusal, device.RegistrationId.Value);
                await EstAnswer.TextAsync(context, StatusCodes.Status401Unauthorized, "Unauthorized");
                return;
        }
    }

    private Task RefuseAsync(HttpContext context, int status, Refusal refusal, AuthenticatedDevice device)
    {
        refusals.Note(refusal, device.RegistrationId.Value);
        return EstAnswer.TextAsync(context, status, $"{refusal.Reason.Title} ({refusal.Reason.Number})");
    }

    // Base64 in lines or not; some clients add header lines, which RFC 8951 §3.1 does not forbid to pass over.
    private static async Task<string?> ReadRequestAsync(HttpContext context)
    {
        const int Frame = 512;
        var body = await RequestBody.ReadAsync(context, CertificateSigningRequest.MaxTextLength + Frame);
        return body is { } bytes
            ? string.Concat(Encoding.Latin1.GetString(bytes.Span).Split('\n').Where(line => !line.StartsWith("-----", StringComparison.Ordinal)).Select(line => line.Trim()))
            : null;
    }

    // What the profile takes: the curve or kind of key, and the hash (RFC 8951 §3.5).
    private async Task AttributesAsync(HttpContext context, string? label)
    {
        var profile = label is null ? null : await profiles.FindAsync(label, context.RequestAborted);
        var keys = profile?.AllowedKeys ?? KeyKinds.P256;
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            if (keys.HasFlag(KeyKinds.P256) || keys.HasFlag(KeyKinds.P384))
            {
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier("1.2.840.10045.2.1");
                    using var curves = writer.PushSetOf();
                    writer.WriteObjectIdentifier(keys.HasFlag(KeyKinds.P256) ? "1.2.840.10045.3.1.7" : "1.3.132.0.34");
                }

                writer.WriteObjectIdentifier(keys.HasFlag(KeyKinds.P256) ? "1.2.840.10045.4.3.2" : "1.2.840.10045.4.3.3");
            }
            else
            {
                writer.WriteObjectIdentifier("1.2.840.113549.1.1.1");
                writer.WriteObjectIdentifier("1.2.840.113549.1.1.11");
            }
        }

        await EstAnswer.Base64Async(context, "application/csrattrs", writer.Encode());
    }
}
