using System.Text.Json.Nodes;
using Perennial.Hub.Devices;
using Perennial.Hub.Methods;
using Perennial.Hub.Twins;
using Perennial.Protocol.Rolling;
using Perennial.Provisioning.Registrations;
using Perennial.Rolling.Rolls;
using Perennial.Server.Hubs;
using DeviceId = Perennial.Hub.Devices.DeviceId;
using RegistrationId = Perennial.Provisioning.RegistrationId;

namespace Perennial.Server.Rolls;

/// <summary>Offers of rolls by the hubs of this process. Who is connected is looked at once, when it is made.</summary>
internal sealed class RollOffers : IRollOffers
{
    /// <summary>The direct method that tells a device to roll; its payload is the window.</summary>
    public const string Method = "rollCertificate";

    private readonly ServedHubs _hubs;
    private readonly IRegistrationStore _registrations;
    private readonly HashSet<string> _connected;

    public RollOffers(ServedHubs hubs, IRegistrationStore registrations)
    {
        _hubs = hubs;
        _registrations = registrations;
        _connected = hubs.All
            .SelectMany(hub => hub.Sessions.All)
            .Select(session => (session.Verdict.Device.Credential as DeviceCredential.FollowsEnrollment)?.RegistrationId ?? session.Id.Value)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    public bool IsConnected(string device) => _connected.Contains(device);

    public async Task<string?> OfferAsync(
        string device, RollOffer offer, DateTimeOffset notBefore, DateTimeOffset notAfter, CancellationToken cancellationToken)
    {
        if (await FindAsync(device, cancellationToken) is not ({ } hub, { } id))
        {
            return "The device is assigned to no hub of this service, which could tell it.";
        }

        var window = new RollWindowDocument { NotBefore = notBefore, NotAfter = notAfter }.ToCarrier();
        return offer == RollOffer.Method ? await CallAsync(hub, id, window, cancellationToken) : await MergeAsync(hub, id, window, cancellationToken);
    }

    public async Task WithdrawAsync(string device, CancellationToken cancellationToken)
    {
        if (await FindAsync(device, cancellationToken) is ({ } hub, { } id))
        {
            await MergeAsync(hub, id, new JsonObject { [RollWindowDocument.Member] = null }, cancellationToken);
        }
    }

    private async Task<(ServedHub? Hub, DeviceId? Id)> FindAsync(string device, CancellationToken cancellationToken) =>
        RegistrationId.TryParse(device, out var registration)
        && await _registrations.FindAsync(registration, cancellationToken) is { AssignedHub: { } host, DeviceId: { } name }
        && DeviceId.TryParse(name, out var id)
            ? (_hubs.FindByHost(host), id)
            : (null, null);

    private static async Task<string?> MergeAsync(ServedHub hub, DeviceId id, JsonObject desired, CancellationToken cancellationToken) =>
        await hub.UpdateTwin.MergeAsync(id, tags: null, TwinNodes.ToElement(desired), etag: null, cancellationToken) switch
        {
            TwinChange.Changed => null,
            TwinChange.Refused refused => refused.Fault.Message,
            _ => "The device has no twin.",
        };

    private static async Task<string?> CallAsync(ServedHub hub, DeviceId id, JsonObject window, CancellationToken cancellationToken)
    {
        var payload = TwinNodes.ToElement(window);
        if (!MethodRequest.TryCreate(Method, payload, responseTime: null, connectTime: null, out var request, out var fault))
        {
            return fault.Message;
        }

        return await hub.Methods.RunAsync(id, request, cancellationToken) switch
        {
            MethodOutcome.Answered { Status: < 400 } => null,
            MethodOutcome.Answered answered => $"The device answered {answered.Status} to the method {Method}.",
            MethodOutcome.NotOnline => "The device is not online, or takes no methods.",
            MethodOutcome.NoAnswer => "The device did not answer in time.",
            _ => "The method could not be called.",
        };
    }
}
