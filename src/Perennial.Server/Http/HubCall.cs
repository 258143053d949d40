using Microsoft.AspNetCore.Http;
using Perennial.Protocol;
using Perennial.Protocol.Hub;
using Perennial.Server.Hubs;
using DeviceId = Perennial.Hub.Devices.DeviceId;

namespace Perennial.Server.Http;

/// <summary>A request of a back end that a hub's policy allows.</summary>
/// <param name="Hub">The hub that is asked.</param>
/// <param name="Actor">Who asks, for the audit trail.</param>
/// <param name="Context">The request.</param>
internal sealed record HubCall(ServedHub Hub, string Actor, HttpContext Context)
{
    public CancellationToken Aborted => Context.RequestAborted;

    public ETag IfMatch => ETag.Parse(Context.Request.Headers.IfMatch);

    /// <summary>The device that the path names, or the module of a device.</summary>
    public bool TryGetDevice([NotNullWhen(true)] out DeviceId? id, [NotNullWhen(false)] out HubReply? fault)
    {
        var (device, module) = ((string?)Context.Request.RouteValues["id"], (string?)Context.Request.RouteValues["module"]);
        fault = DeviceId.TryParse(device, module, out id) ? null
            : HubReply.Fail(HubError.ArgumentInvalid, module is null ? $"'{device}' is no device id." : $"'{device}' and '{module}' are no ids of a device and its module.");
        return fault is null;
    }

    /// <summary>How many messages wait for it.</summary>
    public async Task<int> CountWaitingAsync(DeviceId id) => (await CountWaitingAsync([id])).GetValueOrDefault(id);

    /// <summary>How many messages wait for each of these; those without any may be missing.</summary>
    public Task<IReadOnlyDictionary<DeviceId, int>> CountWaitingAsync(IReadOnlyCollection<DeviceId> ids) => Hub.Devicebound.CountAsync(ids, Aborted);

    /// <summary>A number of the query within bounds; the fallback when it is missing or no number.</summary>
    public long Number(string name, long fallback, long least, long most) =>
        long.TryParse(Context.Request.Query[name], out var number) ? Math.Clamp(number, least, most) : fallback;

    /// <summary>Reads the body as a document.</summary>
    public async Task<(T? Document, HubReply? Fault)> ReadAsync<T>()
        where T : class, IWireDocument<T>
    {
        if (await RequestBody.ReadAsync(Context, WireJson.MaxLength) is not { } body)
        {
            return (null, HubReply.Fail(HubError.MessageTooLarge, "The body is too long."));
        }

        return WireJson.TryParse<T>(body.Span, out var document, out var fault)
            ? (document, null)
            : (null, HubReply.Fail(HubError.FormatError, fault));
    }
}
