using Microsoft.AspNetCore.Http;
using Perennial.Protocol;
using Perennial.Protocol.Provisioning;
using Perennial.Provisioning;
using Perennial.Rolling.Impact;

namespace Perennial.Server.Http;

/// <summary>
/// Answers a request with <c>dryRun=true</c>: what the change would do, in numbers; with <c>list=</c> the devices of one outcome by pages,
/// or all of them as comma-separated values with <c>format=csv</c>.
/// </summary>
internal sealed class AnswerImpact(ServiceCall call, PreviewImpact preview)
{
    /// <summary>Whether the caller asks for the preview instead of the change.</summary>
    public static bool IsAsked(HttpContext context) => ImpactDocuments.IsAsked(context);

    public async Task RunAsync(HttpContext context, TrustChange change)
    {
        if (!ImpactDocuments.TryReadList(context, out var outcome))
        {
            await call.ErrorAsync(context, ProvisioningError.BadRequest.WithMessage(ImpactDocuments.UnknownList));
        }
        else if (ImpactDocuments.IsTable(context))
        {
            await WriteTableAsync(context, change, outcome is { } one ? [one] : ImpactDocuments.Outcomes);
        }
        else if (outcome is { } listed)
        {
            await ListAsync(context, change, listed);
        }
        else
        {
            await Reply.JsonAsync(context, StatusCodes.Status200OK, WireJson.ToUtf8(ImpactDocuments.From(await preview.RunAsync(change, context.RequestAborted))));
        }
    }

    private async Task ListAsync(HttpContext context, TrustChange change, ImpactOutcome outcome)
    {
        if (!PageHeaders.TryRead(context, out var page) || await preview.ListAsync(change, outcome, page, context.RequestAborted) is not { } found)
        {
            await call.ErrorAsync(context, ProvisioningError.BadRequest.WithMessage("x-ms-max-item-count or x-ms-continuation cannot be read."));
            return;
        }

        PageHeaders.Write(context, ImpactDocuments.ItemType, page, found.Next);
        await Reply.JsonAsync(context, StatusCodes.Status200OK, WireJson.ToUtf8Array([.. found.Items.Select(ImpactDocuments.From)]));
    }

    private async Task WriteTableAsync(HttpContext context, TrustChange change, IReadOnlyList<ImpactOutcome> outcomes)
    {
        context.Response.ContentType = ImpactDocuments.TableType;
        context.Response.Headers.ContentDisposition = ImpactDocuments.TableDisposition;
        await context.Response.WriteAsync(ImpactDocuments.TableHead, context.RequestAborted);
        foreach (var outcome in outcomes)
        {
            for (PageRequest? page = new(null, PageRequest.MaxSize); page is not null;)
            {
                var found = (await preview.ListAsync(change, outcome, page, context.RequestAborted))!;
                await context.Response.WriteAsync(string.Concat(found.Items.Select(ImpactDocuments.LineOf)), context.RequestAborted);
                page = found.Next is null ? null : page with { After = found.Next };
            }
        }
    }
}
