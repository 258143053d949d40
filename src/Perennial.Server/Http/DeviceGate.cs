using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Perennial.Hub.Access;
using Perennial.Hub.Sessions;
using Perennial.Protocol.Hub;
using Perennial.Server.Connections;
using Perennial.Server.Hubs;
using Perennial.X509;
using DeviceId = Perennial.Hub.Devices.DeviceId;

namespace Perennial.Server.Http;

/// <summary>The way of devices to the hubs over HTTPS: finds the hub by host name, checks the device, and writes the reply (hub-protocol §2).</summary>
/// <param name="hubs">The hubs.</param>
/// <param name="note">Told of each refusal and who was refused.</param>
/// <param name="time">The clock.</param>
internal sealed class DeviceGate(ServedHubs hubs, Action<Refusal, string> note, TimeProvider time)
{
    /// <summary>A handler for requests of the device that the path names.</summary>
    public RequestDelegate Allow(Func<DeviceCall, Task<HubReply>> handle) =>
        async context => await (await AnswerAsync(context, handle)).WriteAsync(context, time);

    private async Task<HubReply> AnswerAsync(HttpContext context, Func<DeviceCall, Task<HubReply>> handle)
    {
        var name = (string)context.Request.RouteValues["id"]!;
        var hub = hubs.FindByHost(context.Request.Host.Host);
        if (hub is null || !DeviceId.TryParse(name, out var id))
        {
            note(new Refusal(HubRefusals.InvalidDeviceId, $"The device '{name}' asks '{context.Request.Host}'."), name);
            return Unauthorized();
        }

        if (await AuthenticateAsync(context, hub, id) is not DeviceVerdict.Accepted accepted)
        {
            return Unauthorized();
        }

        hub.Sessions.Touch(id);
        return await handle(new DeviceCall(hub, accepted, context));
    }

    private async Task<DeviceVerdict> AuthenticateAsync(HttpContext context, ServedHub hub, DeviceId id)
    {
        var verdict = TryReadCredential(context, hub, id, out var presented, out var refusal)
            ? await hub.Authenticate.RunAsync(id, await CompleteAsync(hub, presented, context.RequestAborted), context.RequestAborted)
            : new DeviceVerdict.Refused(id.Value, presented, time.GetUtcNow(), refusal);
        if (verdict is DeviceVerdict.Refused refused)
        {
            note(refused.Refusal, refused.DeviceId);
        }

        if (verdict is DeviceVerdict.Refused || IsFirst(context, hub, id))
        {
            await hub.Ledger.RecordAsync(verdict, context.RequestAborted);
        }

        return verdict;
    }

    private static async Task<PresentedCredential> CompleteAsync(ServedHub hub, PresentedCredential presented, CancellationToken cancellationToken) =>
        presented is PresentedCredential.ByCertificate { Chain: var chain }
            ? new PresentedCredential.ByCertificate(await hub.Issuers.CompleteAsync(chain, cancellationToken))
            : presented;

    // A handshake is sighted once, though each request of its connection is checked.
    private static bool IsFirst(HttpContext context, ServedHub hub, DeviceId id) =>
        context.Features.Get<IConnectionItemsFeature>()?.Items.TryAdd((hub.Name, id), null) ?? true;

    private static bool TryReadCredential(
        HttpContext context, ServedHub hub, DeviceId id, out PresentedCredential presented, [NotNullWhen(false)] out Refusal? refusal)
    {
        refusal = null;
        presented = new PresentedCredential.Nothing();
        if (context.Request.Headers.Authorization is { Count: > 0 } header)
        {
            if (!TokenReading.TryRead(header, hub.HostName, TokenReading.PathOf(id), out var token))
            {
                refusal = new Refusal(SasRefusals.Unreadable, "The Authorization header holds no shared access signature.");
                return false;
            }

            presented = new PresentedCredential.ByToken(token);
            return true;
        }

        if (context.Features.Get<PresentedCertificates>() is { IsEmpty: false } certificates)
        {
            if (!certificates.TryGetChain(out var chain, out refusal))
            {
                return false;
            }

            presented = new PresentedCredential.ByCertificate(chain);
        }

        return true;
    }

    private static HubReply Unauthorized() => HubReply.Fail(HubError.Unauthorized, "Unauthorized");
}
