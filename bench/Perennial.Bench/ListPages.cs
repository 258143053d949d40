using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Perennial.Bench.Results;
using Perennial.Bench.Servers;
using Perennial.Protocol;
using Perennial.Server.Sandbox.Fleet;
using Perennial.Server.Sandbox.Operator;

namespace Perennial.Bench;

/// <summary>Times pages of every list of the service APIs, at the front of a large fleet and all over it.</summary>
internal sealed class ListPages(PerennialServer server, int count) : IDisposable
{
    private const int Pages = 100;

    private static readonly TimeProvider Time = TimeProvider.System;

    private readonly OperatorClient _hub = new(server.Address, server.Summary.Hubs[0].ConnectionString, Time);

    /// <summary>Milliseconds a page, at the client.</summary>
    public async Task<IReadOnlyList<(string List, Figures Milliseconds)>> TakeAsync()
    {
        const string Version = $"{ApiVersion.Parameter}={ApiVersion.ProvisioningService}";
        const string HubVersion = $"{ApiVersion.Parameter}={ApiVersion.Hub}";
        var all = """{"query":"SELECT *"}""";
        return
        [
            ("enrollments", await PostAsync(server.Provisioning, $"enrollments/query?{Version}", all, "individual")),
            ("enrollment groups", await PostAsync(server.Provisioning, $"enrollmentGroups/query?{Version}", all, "a")),
            ("registrations of a group", await PostAsync(server.Provisioning, $"registrations/{SandboxFleet.GroupId}/query?{Version}", all, "member")),
            ("devices, 1,000 a page", await TimeAsync(_ => _hub.SendAsync(HttpMethod.Get, $"devices?top=1000&{HubVersion}", null, CancellationToken.None))),
            ("query of devices", await QueryAsync("SELECT * FROM devices")),
            ("query of devices by status", await QueryAsync("SELECT * FROM devices WHERE status = 'enabled'")),
        ];
    }

    public void Dispose() => _hub.Dispose();

    private Task<Figures> QueryAsync(string query) =>
        PostAsync(_hub, $"devices/query?{ApiVersion.Parameter}={ApiVersion.Hub}", $$"""{"query":"{{query}}"}""", kind: null);

    private Task<Figures> PostAsync(OperatorClient client, string path, string query, string? kind) => TimeAsync(page => client.SendAsync(
        HttpMethod.Post, path, Encoding.UTF8.GetBytes(query), CancellationToken.None, page == 0 || kind is null ? null : After(kind, page)));

    // A continuation is the last key of the page before: so many pages lie anywhere in the list.
    private string After(string kind, int page) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"{kind}-x{(long)count / 2 * page / Pages:0000000}")));

    private static async Task<Figures> TimeAsync(Func<int, Task<HttpResponseMessage>> askAsync)
    {
        var times = new List<double>();
        for (var page = 0; page < Pages; page++)
        {
            var started = Time.GetTimestamp();
            using var answer = await askAsync(page);
            await answer.Content.ReadAsByteArrayAsync();
            times.Add(Time.GetElapsedTime(started).TotalMilliseconds);
            answer.EnsureSuccessStatusCode();
        }

        return new Figures(times);
    }
}
