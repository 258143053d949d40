using System.Globalization;
using Microsoft.AspNetCore.Http;
using Perennial.Protocol;
using Perennial.Protocol.Provisioning;
using Perennial.Protocol.Rolling;
using Perennial.Provisioning;
using Perennial.Rolling.Impact;
using ImpactOutcome = Perennial.Rolling.Impact.ImpactOutcome;
using WireOutcome = Perennial.Protocol.Rolling.ImpactOutcome;

namespace Perennial.Server.Http;

/// <summary>
/// Answers a request with <c>dryRun=true</c>: what the change would do, in numbers; with <c>list=</c> the devices of one outcome by pages,
/// or all of them as comma-separated values with <c>format=csv</c>.
/// </summary>
internal sealed class AnswerImpact(ServiceCall call, PreviewImpact preview)
{
    private const string ItemType = "impactedDevice";

    private static readonly ImpactOutcome[] Outcomes = Enum.GetValues<ImpactOutcome>();

    /// <summary>Whether the caller asks for the preview instead of the change.</summary>
    public static bool IsAsked(HttpContext context) => (string?)context.Request.Query["dryRun"] is "true";

    public async Task RunAsync(HttpContext context, TrustChange change)
    {
        if (!TryReadList(context, out var outcome))
        {
            var names = string.Join(", ", Outcomes.Select(NameOf));
            await call.ErrorAsync(context, ProvisioningError.BadRequest.WithMessage($"The query parameter list is none of {names}."));
        }
        else if ((string?)context.Request.Query["format"] is "csv")
        {
            await WriteTableAsync(context, change, outcome is { } one ? [one] : Outcomes);
        }
        else if (outcome is { } listed)
        {
            await ListAsync(context, change, listed);
        }
        else
        {
            await Reply.JsonAsync(context, StatusCodes.Status200OK, WireJson.ToUtf8(From(await preview.RunAsync(change, context.RequestAborted))));
        }
    }

    private async Task ListAsync(HttpContext context, TrustChange change, ImpactOutcome outcome)
    {
        if (!PageHeaders.TryRead(context, out var page) || await preview.ListAsync(change, outcome, page, context.RequestAborted) is not { } found)
        {
            await call.ErrorAsync(context, ProvisioningError.BadRequest.WithMessage("x-ms-max-item-count or x-ms-continuation cannot be read."));
            return;
        }

        PageHeaders.Write(context, ItemType, page, found.Next);
        await Reply.JsonAsync(context, StatusCodes.Status200OK, WireJson.ToUtf8Array([.. found.Items.Select(From)]));
    }

    private async Task WriteTableAsync(HttpContext context, TrustChange change, IReadOnlyList<ImpactOutcome> outcomes)
    {
        context.Response.ContentType = "text/csv; charset=utf-8";
        context.Response.Headers.ContentDisposition = "attachment; filename=\"impact.csv\"";
        await context.Response.WriteAsync("registrationId,outcome,untilUtc,refusal\r\n", context.RequestAborted);
        foreach (var outcome in outcomes)
        {
            for (PageRequest? page = new(null, PageRequest.MaxSize); page is not null;)
            {
                var found = (await preview.ListAsync(change, outcome, page, context.RequestAborted))!;
                await context.Response.WriteAsync(string.Concat(found.Items.Select(LineOf)), context.RequestAborted);
                page = found.Next is null ? null : page with { After = found.Next };
            }
        }
    }

    // Ids hold neither commas nor quotes.
    private static string LineOf(ImpactedDevice device) => string.Create(
        CultureInfo.InvariantCulture, $"{device.Device},{NameOf(device.Outcome)},{device.End?.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ},{device.Refusal?.Reason.Number}\r\n");

    private static bool TryReadList(HttpContext context, out ImpactOutcome? outcome)
    {
        string? text = context.Request.Query["list"];
        outcome = text is null ? null : Outcomes.Cast<ImpactOutcome?>().FirstOrDefault(one => NameOf(one!.Value) == text);
        return text is null || outcome is not null;
    }

    private static string NameOf(ImpactOutcome outcome) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(outcome.ToString());

    private static ImpactDocument From(ImpactSummary summary) => new()
    {
        Change = summary.Change,
        AtUtc = summary.At,
        Devices = new ImpactCountsDocument
        {
            Keeps = summary.Counts.Keeps,
            LosesAtOnce = summary.Counts.LosesAtOnce,
            Drains = summary.Counts.Drains,
            LosesAtRegistration = summary.Counts.LosesAtRegistration,
            LosesEarlier = summary.Counts.LosesEarlier,
            Unknown = summary.Counts.Unknown,
            Gains = summary.Counts.Gains,
        },
        Losing = summary.Counts.Losing,
        Ends = [.. summary.Ends.Select(end => new ImpactEndDocument { Day = end.Day, Devices = end.Devices })],
        Reasons = [.. summary.Reasons.Select(reason => new ImpactReasonDocument
        {
            Refusal = reason.Refusal.Reason.Number,
            Title = reason.Refusal.Reason.Title,
            Example = reason.Refusal.Detail,
            Remedy = reason.Refusal.Reason.Remedy,
            Devices = reason.Devices,
        })],
    };

    private static ImpactedDeviceDocument From(ImpactedDevice device) => new()
    {
        RegistrationId = device.Device,
        Outcome = Enum.Parse<WireOutcome>(device.Outcome.ToString()),
        UntilUtc = device.End,
        Refusal = device.Refusal?.Reason.Number,
    };
}
