using System.Net;
using System.Text.Json;
using Perennial.Protocol;
using Perennial.Protocol.Rolling;
using Perennial.Server.Sandbox.Operator;

namespace Perennial.Bench.Fleets;

/// <summary>What an operator does to a roll through the service API; asks again while the server is away.</summary>
internal sealed class RollOperator(OperatorClient provisioning, TimeProvider time)
{
    private const string Id = "fleet";
    private const string Version = $"{ApiVersion.Parameter}={ApiVersion.ProvisioningService}";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public Task CreateAsync(IFleetTrust trust, object plan, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>(trust.Request) { ["reason"] = "expiration", ["plan"] = plan });
        return PersistAsync(() => SendAsync(HttpMethod.Put, $"rolls/{Id}", body, cancellationToken), cancellationToken);
    }

    /// <summary>Starts it; a start that was taken up before the server went away has started it.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => PersistAsync(
        async () =>
        {
            if ((await GetAsync(cancellationToken)).StartedUtc is null)
            {
                await SendAsync(HttpMethod.Post, $"rolls/{Id}/start", """{"withoutRehearsal":"a roll of a simulated fleet"}"""u8.ToArray(), cancellationToken);
            }
        },
        cancellationToken);

    public async Task<RollDocument> ReadAsync(CancellationToken cancellationToken)
    {
        RollDocument? roll = null;
        await PersistAsync(async () => roll = await GetAsync(cancellationToken), cancellationToken);
        return roll!; // It was read.
    }

    /// <summary>Does it again until it does not fail for the server being away.</summary>
    public async Task PersistAsync(Func<Task> act, CancellationToken cancellationToken)
    {
        for (var since = time.GetTimestamp(); ;)
        {
            try
            {
                await act();
                return;
            }
            catch (Exception fault) when (fault is HttpRequestException or IOException && time.GetElapsedTime(since) < Patience)
            {
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    private async Task<RollDocument> GetAsync(CancellationToken cancellationToken)
    {
        var body = await SendAsync(HttpMethod.Get, $"rolls/{Id}", null, cancellationToken);
        return WireJson.TryParse(body, out RollDocument? roll, out var fault) ? roll : throw new InvalidDataException($"The roll cannot be read: {fault}");
    }

    private async Task<byte[]> SendAsync(HttpMethod method, string path, byte[]? body, CancellationToken cancellationToken)
    {
        using var answer = await provisioning.SendAsync(method, $"{path}?{Version}", body, cancellationToken);
        var content = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
        return answer.IsSuccessStatusCode || (method == HttpMethod.Put && answer.StatusCode == HttpStatusCode.Conflict) ? content
            : (int)answer.StatusCode >= 500 ? throw new HttpRequestException($"{method} {path} was answered {(int)answer.StatusCode}.")
            : throw new InvalidOperationException($"{method} {path} was answered {(int)answer.StatusCode}: {System.Text.Encoding.UTF8.GetString(content)}");
    }
}
