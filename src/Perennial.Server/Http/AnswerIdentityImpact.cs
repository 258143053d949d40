using Perennial.Protocol;
using Perennial.Protocol.Hub;
using Perennial.Protocol.Rolling;
using Perennial.Server.Hubs;

namespace Perennial.Server.Http;

/// <summary>Answers a request to a hub with <c>dryRun=true</c> as <see cref="AnswerImpact"/> does; a request names so few devices that all come on one page.</summary>
internal sealed class AnswerIdentityImpact(PreviewIdentities preview)
{
    public async Task<HubReply> RunAsync(HubCall call, IReadOnlyList<IdentityChange> changes)
    {
        if (!ImpactDocuments.TryReadList(call.Context, out var outcome))
        {
            return HubReply.Fail(HubError.ArgumentInvalid, ImpactDocuments.UnknownList);
        }

        var impact = await preview.RunAsync(CheckedHub.Of(call.Hub), changes, call.Aborted);
        var devices = impact.Devices.Where(device => outcome is null || device.Outcome == outcome).OrderBy(device => device.Outcome);
        if (ImpactDocuments.IsTable(call.Context))
        {
            return new HubReply
            {
                Body = Encoding.UTF8.GetBytes(ImpactDocuments.TableHead + string.Concat(devices.Select(ImpactDocuments.LineOf))),
                ContentType = ImpactDocuments.TableType,
                Headers = [KeyValuePair.Create("Content-Disposition", ImpactDocuments.TableDisposition)],
            };
        }

        return outcome is null
            ? HubReply.Of(ImpactDocuments.From(impact.Summary))
            : new HubReply { Body = WireJson.ToUtf8Array<ImpactedDeviceDocument>([.. devices.Select(ImpactDocuments.From)]), ItemType = ImpactDocuments.ItemType };
    }
}
