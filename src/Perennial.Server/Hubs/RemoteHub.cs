using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Perennial.Protocol;
using Perennial.Protocol.Hub.Registry;
using Perennial.Provisioning;
using Perennial.Provisioning.Allocation;
using Perennial.Provisioning.Enrollments;
using DeviceCapabilitiesDocument = Perennial.Protocol.Provisioning.Enrollments.DeviceCapabilitiesDocument;

namespace Perennial.Server.Hubs;

/// <summary>
/// Another hub as provisioning sees it: its registry REST API, in Azure's semantics. What it is asked is done when the call returns, and
/// asking twice is asking once, so that a registration which broke off in between is simply carried out again.
/// </summary>
internal sealed class RemoteHub(string hostName, RemoteHubClient client) : ILinkedHub
{
    private const int MaxAttempts = 4;

    private static readonly string[] TwinMetadata = ["$metadata", "$version"];

    public string HostName { get; } = hostName;

    public bool IsRemote => true;

    public async Task<bool> HoldsAsync(HubAssignment assignment, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(assignment);
        return await FindAsync(assignment.DeviceId, cancellationToken) is { } device
            && device.Authentication is { } held
            && RemoteCredentials.AreEqual(held, RemoteCredentials.Of(assignment))
            && (device.Capabilities?.IotEdge ?? false) == assignment.IsEdge;
    }

    public async Task<bool> ExistsAsync(string deviceId, CancellationToken cancellationToken) =>
        await FindAsync(deviceId, cancellationToken) is not null;

    public async Task<CarriedDevice?> ReadAsync(string deviceId, CancellationToken cancellationToken)
    {
        if (await FindAsync(deviceId, cancellationToken) is not { } device)
        {
            return null;
        }

        var (status, body) = await client.SendAsync(HttpMethod.Get, Twin(deviceId), null, null, cancellationToken);
        if (status == HttpStatusCode.NotFound)
        {
            return null;
        }

        return WireJson.TryParse<TwinDocument>(body, out var twin)
            ? new CarriedDevice(
                device.Status != DeviceStatus.Disabled, TwinNodes.ToElement(twin.Tags), Values(twin.Properties.Desired), Values(twin.Properties.Reported))
            : throw new HubRefusedException($"The hub {HostName} answered with something that is no twin.");
    }

    public async Task<IPendingWrite> AssignAsync(HubAssignment assignment, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(assignment);
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var stored = await FindAsync(assignment.DeviceId, cancellationToken);
            if (stored is null ? await CreateAsync(assignment, cancellationToken) : await UpdateAsync(assignment, stored, cancellationToken))
            {
                return new NothingLeft();
            }
        }

        throw new HubUnreachableException($"The device '{assignment.DeviceId}' on {HostName} is changed by others all the time.");
    }

    public async Task<IPendingWrite> RemoveAsync(string deviceId, CancellationToken cancellationToken)
    {
        await client.SendAsync(HttpMethod.Delete, Device(deviceId), null, "*", cancellationToken);
        return new NothingLeft();
    }

    // It judges by the credential that it holds, and knows nothing of enrollments.
    public Task TrustChangedAsync(EnrollmentKey enrollment, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task DeviceChangedAsync(string deviceId, CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<DeviceIdentityDocument?> FindAsync(string deviceId, CancellationToken cancellationToken)
    {
        var (status, body) = await client.SendAsync(HttpMethod.Get, Device(deviceId), null, null, cancellationToken);
        if (status == HttpStatusCode.NotFound)
        {
            return null;
        }

        return WireJson.TryParse<DeviceIdentityDocument>(body, out var device)
            ? device
            : throw new HubRefusedException($"The hub {HostName} answered with something that is no device identity.");
    }

    // Identity and twin in one request: there is no moment with one and without the other.
    private async Task<bool> CreateAsync(HubAssignment assignment, CancellationToken cancellationToken)
    {
        var (tags, desired) = FirstTwin(assignment);
        var operation = new BulkOperationDocument
        {
            Id = assignment.DeviceId,
            ImportMode = "create",
            Status = assignment.Carried is { IsEnabled: false } ? DeviceStatus.Disabled : DeviceStatus.Enabled,
            Authentication = RemoteCredentials.Of(assignment),
            Capabilities = new DeviceCapabilitiesDocument { IotEdge = assignment.IsEdge },
            Tags = tags,
            Properties = desired is null ? null : new TwinPropertiesDocument { Desired = desired },
        };
        var (status, body) = await client.SendAsync(
            HttpMethod.Post, "/devices", WireJson.ToUtf8(new BulkOperationsDocument { operation }), null, cancellationToken);
        if ((int)status is >= 200 and < 300)
        {
            return true;
        }

        // Hubs differ in how they name the error of an entry; whether the device is there is a fact.
        var error = WireJson.TryParse<BulkResultDocument>(body, out var result) && result.Errors is [var first, ..] ? first : null;
        return await FindAsync(assignment.DeviceId, cancellationToken) is not null
            ? false
            : throw new HubRefusedException($"The hub {HostName} does not take the device '{assignment.DeviceId}': {error?.ErrorCode ?? status.ToString()}.");
    }

    private async Task<bool> UpdateAsync(HubAssignment assignment, DeviceIdentityDocument stored, CancellationToken cancellationToken)
    {
        var next = stored with
        {
            Authentication = RemoteCredentials.Of(assignment),
            Capabilities = new DeviceCapabilitiesDocument { IotEdge = assignment.IsEdge },
            Status = assignment.Carried is { IsEnabled: false } ? DeviceStatus.Disabled : stored.Status,
        };
        var (status, _) = await client.SendAsync(
            HttpMethod.Put, Device(assignment.DeviceId), WireJson.ToUtf8(next), ETag.Parse(stored.Etag).Value ?? "*", cancellationToken);
        if (status is HttpStatusCode.NotFound or HttpStatusCode.PreconditionFailed or HttpStatusCode.Conflict)
        {
            return false;
        }

        if (status == HttpStatusCode.BadRequest)
        {
            throw new HubRefusedException($"The hub {HostName} does not take the credential of the device '{assignment.DeviceId}'.");
        }

        return assignment.Carried is null || await ReplaceTwinAsync(assignment, cancellationToken);
    }

    private async Task<bool> ReplaceTwinAsync(HubAssignment assignment, CancellationToken cancellationToken)
    {
        var (tags, desired) = FirstTwin(assignment);
        var change = new TwinChangeDocument { Tags = tags ?? [], Properties = new TwinPropertiesDocument { Desired = desired ?? [] } };
        var (status, _) = await client.SendAsync(HttpMethod.Put, Twin(assignment.DeviceId), WireJson.ToUtf8(change), "*", cancellationToken);
        return status == HttpStatusCode.BadRequest
            ? throw new HubRefusedException($"The hub {HostName} does not take the twin of the device '{assignment.DeviceId}'.")
            : status is not (HttpStatusCode.NotFound or HttpStatusCode.PreconditionFailed or HttpStatusCode.Conflict);
    }

    // No hub lets anyone but the device write its reported properties: the device reports them again.
    private static (JsonObject? Tags, JsonObject? Desired) FirstTwin(HubAssignment assignment) =>
        assignment is { Carried: { } carried, KeepsTwin: true }
            ? (TwinNodes.ToObject(carried.Tags), TwinNodes.ToObject(carried.Desired))
            : (ToObject(assignment.InitialTwin?.Tags), ToObject(assignment.InitialTwin?.Desired));

    private static JsonObject? ToObject(JsonElement? json) => json is { } value ? TwinNodes.ToObject(value) : null;

    private static JsonElement Values(JsonObject? section)
    {
        var values = section?.DeepClone().AsObject() ?? [];
        foreach (var name in TwinMetadata)
        {
            values.Remove(name);
        }

        return TwinNodes.ToElement(values);
    }

    private static string Device(string id) => $"/devices/{Uri.EscapeDataString(id)}";

    private static string Twin(string id) => $"/twins/{Uri.EscapeDataString(id)}";

    /// <summary>What was asked is done already.</summary>
    private sealed class NothingLeft : IPendingWrite;
}
