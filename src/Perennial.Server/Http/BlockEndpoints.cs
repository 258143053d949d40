using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Perennial.Protocol;
using Perennial.Protocol.Provisioning;
using Perennial.Protocol.Rolling;
using Perennial.Provisioning.Blocks;
using Perennial.Rolling.Impact;
using Perennial.Server.Breach;
using Perennial.Server.Instances;

namespace Perennial.Server.Http;

/// <summary>Blocks: what is refused everywhere after a breach, or may only obtain a new certificate.</summary>
internal sealed class BlockEndpoints(ServiceCall call, BlockCredential block, IBlockStore blocks, IDrainStore drains, AnswerImpact impact)
{
    private const string One = "/blocks/{kind}/{name}";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/blocks", call.Endpoint(ServiceRights.EnrollmentRead, (context, _, _) => ListAsync(context)));
        routes.MapGet(One, call.Endpoint(ServiceRights.EnrollmentRead, (context, _, _) => GetAsync(context)));
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
        await Reply.JsonAsync(context, StatusCodes.Status200OK, WireJson.ToUtf8Array([.. found.Items.Select(item => BlockDocuments.From(item, progress: null))]));
    }

    private async Task GetAsync(HttpContext context)
    {
        if (!TryReadKind(context, out var kind) || await blocks.FindAsync(kind, ServiceCall.Segment(context, "name"), context.RequestAborted) is not { } found)
        {
            await call.ErrorAsync(context, ProvisioningError.NotFound);
            return;
        }

        await AnswerAsync(context, found);
    }

    private async Task PutAsync(HttpContext context, ServicePolicy policy, ReadOnlyMemory<byte> body)
    {
        var name = ServiceCall.Segment(context, "name");
        if (!WireJson.TryParse<BlockRequestDocument>(body.Span, out var request, out var fault)
            || !BlockDocuments.TryRead(ServiceCall.Segment(context, "kind"), name, request, out var wish, out fault))
        {
            await call.ErrorAsync(context, ProvisioningError.BadRequest.WithMessage(fault));
            return;
        }

        var (read, device, refused) = await block.ReadAsync(wish, ServiceCall.Actor(policy), context.RequestAborted);
        if (read is null)
        {
            await call.ErrorAsync(context, ProvisioningError.BadRequest.WithMessage(refused!));
        }
        else if (AnswerImpact.IsAsked(context))
        {
            await impact.RunAsync(context, PlanChange.OfBlock(read, device));
        }
        else
        {
            await block.SaveAsync(read, context.RequestAborted);
            await AnswerAsync(context, read);
        }
    }

    private async Task DeleteAsync(HttpContext context, ServicePolicy policy)
    {
        var name = ServiceCall.Segment(context, "name");
        if (!TryReadKind(context, out var kind) || await blocks.FindAsync(kind, name, context.RequestAborted) is not { } found)
        {
            await call.ErrorAsync(context, ProvisioningError.NotFound);
        }
        else if (AnswerImpact.IsAsked(context))
        {
            await impact.RunAsync(context, PlanChange.OfUnblock(found, await block.DeviceOfAsync(found, context.RequestAborted)));
        }
        else
        {
            var isLifted = await block.TryLiftAsync(kind, name, ServiceCall.Actor(policy), context.RequestAborted);
            await (isLifted ? Reply.NoContentAsync(context) : call.ErrorAsync(context, ProvisioningError.NotFound));
        }
    }

    private async Task AnswerAsync(HttpContext context, Block found)
    {
        var progress = found.IsCut ? null : await drains.ReadAsync(found.Kind, found.Name, context.RequestAborted);
        await Reply.JsonAsync(context, StatusCodes.Status200OK, WireJson.ToUtf8(BlockDocuments.From(found, progress)));
    }

    private static bool TryReadKind(HttpContext context, out BlockKind kind) => BlockDocuments.TryReadKind(ServiceCall.Segment(context, "kind"), out kind);
}
