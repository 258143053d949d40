using Microsoft.AspNetCore.Http;
using Perennial.Hub.Access;
using Perennial.Protocol.Hub;
using Perennial.Server.Hubs;
using Perennial.Server.Limits;
using Perennial.Server.Storage;
using Perennial.X509;

namespace Perennial.Server.Http;

/// <summary>The way of back ends to the hubs: finds the hub by host name, checks the token, and writes the reply (hub-protocol §4.10).</summary>
/// <param name="hubs">The hubs.</param>
/// <param name="note">Told of each refusal and who was refused.</param>
/// <param name="time">The clock.</param>
internal sealed class HubGate(ServedHubs hubs, Action<Refusal, string> note, TimeProvider time)
{
    /// <summary>A handler for requests that need these permissions, to the hub that the Host header names.</summary>
    /// <param name="needed">What the caller's policy must allow.</param>
    /// <param name="handle">What answers.</param>
    /// <param name="limit">Whose rate the request counts on; null for none.</param>
    public RequestDelegate Allow(HubPermissions needed, Func<HubCall, Task<HubReply>> handle, HubOperation? limit = null) =>
        context => ServeAsync(context, hubs.FindByHost(context.Request.Host.Host), needed, handle, limit);

    /// <summary>A handler for requests whose path names the hub.</summary>
    public RequestDelegate AllowNamed(HubPermissions needed, Func<HubCall, Task<HubReply>> handle) =>
        context => ServeAsync(context, hubs.FindByName((string?)context.Request.RouteValues["hub"]), needed, handle, limit: null);

    private async Task ServeAsync(
        HttpContext context, ServedHub? hub, HubPermissions needed, Func<HubCall, Task<HubReply>> handle, HubOperation? limit)
    {
        var reply = Authorize(context, hub, needed, out var policy) is { } refusal ? Refuse(refusal)
            : limit is { } operation && !hub!.Limits.TryPass(operation, out var wait) ? Throttle(operation, wait)
            : await AnswerAsync(new HubCall(hub!, $"policy '{policy}' of hub '{hub!.Name}'", context), handle);
        await reply.WriteAsync(context, time);
    }

    private static async Task<HubReply> AnswerAsync(HubCall call, Func<HubCall, Task<HubReply>> handle)
    {
        try
        {
            return await handle(call);
        }
        catch (StorageUnavailableException) when (!call.Context.Response.HasStarted)
        {
            Reply.ComeAgain(call.Context);
            return HubReply.Fail(HubError.ServiceUnavailable, "The hub's storage does not answer.");
        }
    }

    private static Refusal? Authorize(HttpContext context, ServedHub? hub, HubPermissions needed, out AccessPolicy? policy)
    {
        policy = null;
        if (hub is null)
        {
            return new Refusal(SasRefusals.WrongResource, $"No hub answers to '{context.Request.Host}{context.Request.Path}'.");
        }

        var path = context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (!TokenReading.TryRead(context.Request.Headers.Authorization, hub.HostName, path, out var token))
        {
            return new Refusal(SasRefusals.Unreadable, "The Authorization header holds no shared access signature.");
        }

        return hub.Callers.TryAuthorize(token, needed, out policy, out var refusal) ? null : refusal;
    }

    private HubReply Throttle(HubOperation operation, TimeSpan wait)
    {
        note(LimitRefusals.Rate(operation, wait), "a back end of a hub");
        return HubReply.Throttled(operation, wait);
    }

    private HubReply Refuse(Refusal refusal)
    {
        note(refusal, "a back end of a hub");
        return HubReply.Fail(HubError.UnauthorizedAccess, "Unauthorized");
    }
}
