using System.Text.Json.Nodes;
using Perennial.Hub.Methods;
using Perennial.Hub.Twins;
using Perennial.Protocol.Rolling;
using Perennial.Provisioning.Enrollments;
using Perennial.Provisioning.Registrations;
using Perennial.Rolling.Rolls;
using Perennial.Server.Hubs;
using DeviceId = Perennial.Hub.Devices.DeviceId;
using RegistrationId = Perennial.Provisioning.RegistrationId;

namespace Perennial.Server.Rolls;

/// <summary>Offers of rolls by the hubs of this process.</summary>
internal sealed class RollOffers(ServedHubs hubs, IRegistrationStore registrations) : IRollOffers
{
    /// <summary>The direct method that tells a device to roll; its payload is the window.</summary>
    public const string Method = "rollCertificate";

    /// <summary>The direct method that tells a device to go back to the certificate it had before; its payload is the window.</summary>
    public const string BackMethod = "rollBackCertificate";

    public bool IsConnected(string device) => hubs.All.Any(hub => hub.Sessions.IsRegistrationConnected(device));

    public async Task<string?> OfferAsync(
        string device, RollOffer offer, DateTimeOffset notBefore, DateTimeOffset notAfter, CancellationToken cancellationToken)
    {
        if (await FindAsync(device, cancellationToken) is not ({ } hub, { } id))
        {
            return "The device is assigned to no hub of this service, which could tell it.";
        }

        var window = new RollWindowDocument { NotBefore = notBefore, NotAfter = notAfter }.ToCarrier();
        if (offer == RollOffer.Method)
        {
            return await CallAsync(hub, id, Method, window, cancellationToken);
        }

        window[RollWindowDocument.BackMember] = null;
        return await MergeAsync(hub, id, window, cancellationToken);
    }

    public async Task<string?> OfferBackAsync(
        string device, RollOffer offer, DateTimeOffset notBefore, DateTimeOffset notAfter, CancellationToken cancellationToken)
    {
        if (await FindAsync(device, cancellationToken) is not ({ } hub, { } id))
        {
            return "The device is assigned to no hub of this service, which could tell it.";
        }

        var window = new RollWindowDocument { NotBefore = notBefore, NotAfter = notAfter }.ToBackCarrier();
        if (offer == RollOffer.Method)
        {
            return await CallAsync(hub, id, BackMethod, window, cancellationToken);
        }

        window[RollWindowDocument.Member] = null;
        return await MergeAsync(hub, id, window, cancellationToken);
    }

    public async Task WithdrawAsync(string device, CancellationToken cancellationToken)
    {
        if (await FindAsync(device, cancellationToken) is ({ } hub, { } id))
        {
            await MergeAsync(hub, id, new JsonObject { [RollWindowDocument.Member] = null, [RollWindowDocument.BackMember] = null }, cancellationToken);
        }
    }

    private async Task<(ServedHub? Hub, DeviceId? Id)> FindAsync(string device, CancellationToken cancellationToken) =>
        RegistrationId.TryParse(device, out var registration)
        && await registrations.FindAsync(registration, cancellationToken) is { AssignedHub: { } host, DeviceId: { } name }
        && DeviceId.TryParse(name, out var id)
            ? (hubs.FindByHost(host), id)
            : (null, null);

    private static async Task<string?> MergeAsync(ServedHub hub, DeviceId id, JsonObject desired, CancellationToken cancellationToken) =>
        await hub.UpdateTwin.MergeAsync(id, tags: null, TwinNodes.ToElement(desired), etag: null, cancellationToken) switch
        {
            TwinChange.Changed => null,
            TwinChange.Refused refused => refused.Fault.Message,
            _ => "The device has no twin.",
        };

    private static async Task<string?> CallAsync(ServedHub hub, DeviceId id, string method, JsonObject window, CancellationToken cancellationToken)
    {
        var payload = TwinNodes.ToElement(window);
        if (!MethodRequest.TryCreate(method, payload, responseTime: null, connectTime: null, out var request, out var fault))
        {
            return fault.Message;
        }

        return await hub.Methods.RunAsync(id, request, cancellationToken) switch
        {
            MethodOutcome.Answered { Status: < 400 } => null,
            MethodOutcome.Answered answered => $"The device answered {answered.Status} to the method {method}.",
            MethodOutcome.NotOnline => "The device is not online, or takes no methods.",
            MethodOutcome.NoAnswer => "The device did not answer in time.",
            _ => "The method could not be called.",
        };
    }
}
