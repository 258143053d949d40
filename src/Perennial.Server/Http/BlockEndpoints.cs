using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Perennial.Protocol;
using Perennial.Protocol.Provisioning;
using Perennial.Protocol.Rolling;
using Perennial.Provisioning.Blocks;
using Perennial.Rolling.Impact;
using Perennial.Server.Hubs;
using Perennial.Server.Instances;
using Perennial.X509;
using RegistrationId = Perennial.Provisioning.RegistrationId;

namespace Perennial.Server.Http;

/// <summary>Blocks: what is refused everywhere after a breach.</summary>
internal sealed class BlockEndpoints(ServiceCall call, IBlockStore blocks, AnswerImpact impact, ServedHubs hubs, TimeProvider time)
{
    private const string One = "/blocks/{kind}/{name}";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/blocks", call.Endpoint(ServiceRights.EnrollmentRead, (context, _, _) => ListAsync(context)));
        routes.MapPut(One, call.Endpoint(ServiceRights.EnrollmentWrite, PutAsync));
        routes.MapDelete(One, call.Endpoint(ServiceRights.EnrollmentWrite, (context, policy, _) => DeleteAsync(context, policy)));
    }

    private async Task ListAsync(HttpContext context)
    {
        if (!PageHeaders.TryRead(context, out var page))
        {
            await call.ErrorAsync(context, ProvisioningError.BadRequest.WithMessage("x-ms-max-item-count or x-ms-continuation cannot be read."));
            return;
        }

        var found = await blocks.ListAsync(page, context.RequestAborted);
        PageHeaders.Write(context, "block", page, found.Next);
        await Reply.JsonAsync(context, StatusCodes.Status200OK, WireJson.ToUtf8Array([.. found.Items.Select(From)]));
    }

    private async Task PutAsync(HttpContext context, ServicePolicy policy, ReadOnlyMemory<byte> body)
    {
        if (!WireJson.TryParse<BlockRequestDocument>(body.Span, out var request, out var fault) || (fault = ReasonFault(request)) is not null)
        {
            await call.ErrorAsync(context, ProvisioningError.BadRequest.WithMessage(fault));
            return;
        }

        var (block, device, refused) = await ReadAsync(context, policy, request);
        if (block is null)
        {
            await call.ErrorAsync(context, ProvisioningError.BadRequest.WithMessage(refused!));
        }
        else if (AnswerImpact.IsAsked(context))
        {
            await impact.RunAsync(context, PlanChange.OfBlock(block, device));
        }
        else
        {
            await blocks.SaveAsync(block, context.RequestAborted);
            await Task.WhenAll(hubs.All.Select(hub => hub.Reconsider.AllAsync(CancellationToken.None)));
            await Reply.JsonAsync(context, StatusCodes.Status200OK, WireJson.ToUtf8(From(block)));
        }
    }

    private static string? ReasonFault(BlockRequestDocument request) =>
        string.IsNullOrWhiteSpace(request.Reason) || request.Reason.Length > 500 ? "Say in up to 500 characters why it is blocked." : null;

    private async Task DeleteAsync(HttpContext context, ServicePolicy policy)
    {
        var isDeleted = TryReadKind(context, out var kind)
            && await blocks.TryDeleteAsync(kind, ServiceCall.Segment(context, "name"), ServiceCall.Actor(policy), context.RequestAborted);
        await (isDeleted ? Reply.NoContentAsync(context) : call.ErrorAsync(context, ProvisioningError.NotFound));
    }

    private async Task<(Block? Block, RegistrationId? Device, string? Fault)> ReadAsync(HttpContext context, ServicePolicy policy, BlockRequestDocument request)
    {
        var name = ServiceCall.Segment(context, "name");
        if (!TryReadKind(context, out var kind))
        {
            return (null, null, "What is blocked is a certificate, an issuer or a device.");
        }

        var block = new Block { Kind = kind, Name = name, Reason = request.Reason, Actor = ServiceCall.Actor(policy), At = time.GetUtcNow() };
        if (kind == BlockKind.Device)
        {
            return RegistrationId.TryParse(name, out var device) ? (block, device, null) : (null, null, $"'{name}' is no registration id.");
        }

        if (!Thumbprint.TryParse(name, out var thumbprint))
        {
            return (null, null, $"'{name}' is no SHA-256 thumbprint: 64 hexadecimal digits.");
        }

        var certificate = Given(request, thumbprint) ?? await blocks.FindCertificateAsync(thumbprint, context.RequestAborted);
        if (kind == BlockKind.Certificate)
        {
            var common = certificate is not null && certificate.TryGetCommonName(out var found, out _) ? found.Value : null;
            return (block, RegistrationId.TryParse(common, out var device) ? device : null, null);
        }

        return certificate is { IsCertificateAuthority: true }
            ? (block with { Issuer = certificate }, null, null)
            : (null, null, $"The service knows no CA certificate {name}. Send it in 'certificate', as PEM or base64 DER.");
    }

    private static Certificate? Given(BlockRequestDocument request, Thumbprint thumbprint) =>
        request.Certificate is { } text && Pem.TryReadCertificates(text, out var certificates, out _)
            ? certificates.FirstOrDefault(certificate => certificate.Thumbprint == thumbprint)
            : null;

    private static bool TryReadKind(HttpContext context, out BlockKind kind)
    {
        var isRead = RollDocuments.TryReadWord<BlockKind>(ServiceCall.Segment(context, "kind"), out var read);
        kind = read ?? default;
        return isRead && read is not null;
    }

    private static BlockDocument From(Block block) => new()
    {
        Kind = RollDocuments.Word(block.Kind),
        Name = block.Name,
        Reason = block.Reason,
        Actor = block.Actor,
        AtUtc = block.At,
    };
}
