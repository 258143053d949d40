using System.Globalization;
using System.Text.Json;
using Perennial.Protocol;

namespace Perennial.Testing;

/// <summary>One hub of a <see cref="PerennialHost"/>, as its operator sees it.</summary>
public sealed class HostedHub
{
    private const string Version = $"api-version={ApiVersion.Hub}";

    private readonly Func<HttpClient> _createClient;
    private readonly ServiceCalls _calls;

    internal HostedHub(string name, string hostName, string connectionString, Func<HttpClient> createClient, ServiceCalls calls)
    {
        Name = name;
        HostName = hostName;
        ConnectionString = connectionString;
        _createClient = createClient;
        _calls = calls;
    }

    /// <summary>Its name in the instance.</summary>
    public string Name { get; }

    /// <summary>The host name that devices are assigned to, and connect to as this hub.</summary>
    public string HostName { get; }

    /// <summary>Every right of its service API, for service SDKs and tools.</summary>
    public string ConnectionString { get; }

    /// <summary>A client of its service API that trusts the host's root and signs every request; the caller disposes it.</summary>
    /// <returns>A client whose base address is the hub.</returns>
    public HttpClient CreateClient() => _createClient();

    /// <summary>Whether the device has a live connection.</summary>
    /// <param name="deviceId">The device.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>False also when there is no such device.</returns>
    public async Task<bool> IsConnectedAsync(string deviceId, CancellationToken cancellationToken = default) =>
        await _calls.FindAsync($"devices/{Uri.EscapeDataString(deviceId)}?{Version}", cancellationToken) is { } device
        && device.GetProperty("connectionState").GetString() == "Connected";

    /// <summary>Returns once the device is connected.</summary>
    /// <param name="deviceId">The device.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The wait.</returns>
    /// <exception cref="TimeoutException">It was not connected in time.</exception>
    public Task WaitForConnectedAsync(string deviceId, CancellationToken cancellationToken = default) =>
        WaitForAsync(deviceId, isConnected: true, cancellationToken);

    /// <summary>Returns once the device is not connected.</summary>
    /// <param name="deviceId">The device.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The wait.</returns>
    /// <exception cref="TimeoutException">It was still connected when the time was over.</exception>
    public Task WaitForDisconnectedAsync(string deviceId, CancellationToken cancellationToken = default) =>
        WaitForAsync(deviceId, isConnected: false, cancellationToken);

    /// <summary>The stored messages of all devices, oldest first.</summary>
    /// <param name="after">The sequence of the last message already seen; 0 for none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>At most a thousand; empty when there are none.</returns>
    public async Task<IReadOnlyList<DeviceTelemetry>> ReadTelemetryAsync(long after = 0, CancellationToken cancellationToken = default)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"hubs/{Uri.EscapeDataString(Name)}/telemetry?from={after + 1}");
        return [.. (await _calls.ReadLinesAsync(path, cancellationToken)).Select(DeviceTelemetry.From)];
    }

    /// <summary>The first stored message of the device that the condition accepts, once there is one.</summary>
    /// <param name="deviceId">The device.</param>
    /// <param name="accepts">The condition; null accepts every message.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The message.</returns>
    /// <exception cref="TimeoutException">There was none in time.</exception>
    public Task<DeviceTelemetry> WaitForTelemetryAsync(
        string deviceId, Func<DeviceTelemetry, bool>? accepts = null, CancellationToken cancellationToken = default)
    {
        var seen = 0L;
        return _calls.UntilAsync($"telemetry of '{deviceId}' at hub '{Name}'", FindAsync, cancellationToken);

        async Task<DeviceTelemetry?> FindAsync(CancellationToken token)
        {
            var messages = await ReadTelemetryAsync(seen, token);
            seen = messages.Count > 0 ? messages[^1].Sequence : seen;
            return messages.FirstOrDefault(message => message.DeviceId == deviceId && accepts?.Invoke(message) != false);
        }
    }

    /// <summary>The device's twin as services read it: tags, desired and reported properties.</summary>
    /// <param name="deviceId">The device.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The JSON of the service API.</returns>
    /// <exception cref="HttpRequestException">There is no such device.</exception>
    public Task<JsonElement> ReadTwinAsync(string deviceId, CancellationToken cancellationToken = default) =>
        _calls.GetAsync($"twins/{Uri.EscapeDataString(deviceId)}?{Version}", cancellationToken);

    /// <summary>Merges tags and desired properties into the device's twin.</summary>
    /// <param name="deviceId">The device.</param>
    /// <param name="patch">For instance <c>{"properties":{"desired":{"interval":5}}}</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The changed twin.</returns>
    public Task<JsonElement> UpdateTwinAsync(string deviceId, string patch, CancellationToken cancellationToken = default) =>
        _calls.DemandAsync(HttpMethod.Patch, $"twins/{Uri.EscapeDataString(deviceId)}?{Version}", patch, cancellationToken);

    private async Task WaitForAsync(string deviceId, bool isConnected, CancellationToken cancellationToken) => await _calls.UntilAsync(
        $"'{deviceId}' is {(isConnected ? "connected to" : "gone from")} hub '{Name}'",
        async token => await IsConnectedAsync(deviceId, token) == isConnected ? this : null,
        cancellationToken);
}
