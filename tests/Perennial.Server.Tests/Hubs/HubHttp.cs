using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Perennial.Hub.Access;
using Perennial.Protocol.Sas;
using Perennial.Server.Connections;
using Perennial.Server.Http;
using Perennial.Server.Hubs;
using Perennial.Server.Limits;
using Perennial.TestCertificates;

namespace Perennial.Server.Tests.Hubs;

/// <summary>Requests to a hub without a network: the handler is called as routing would.</summary>
internal sealed class HubHttp(TestHub hub)
{
    private readonly HubGate _gate = new(new ServedHubs([hub.Hub]), (_, _) => { }, hub.Time);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Asks as a policy.</summary>
    public Task<Answer> AskAsync(
        Func<HubCall, Task<HubReply>> handle,
        HubPermissions needed,
        string path,
        string? body = null,
        string policy = "iothubowner",
        IReadOnlyDictionary<string, string>? headers = null,
        HubOperation? limit = null,
        string query = "")
    {
        var named = hub.Policies.Find(policy)!;
        var token = SharedAccessSignature.Create("hub.example", named.PrimaryKey.Span, hub.Time.GetUtcNow().AddHours(1), policy);
        var context = Context(path, body is null ? [] : Encoding.UTF8.GetBytes(body), headers);
        context.Request.RouteValues["lock"] = path.Split('/')[^1];
        context.Request.Headers.Authorization = token;
        context.Request.QueryString = new QueryString(query);
        return RunAsync(context, _gate.Allow(needed, handle, limit));
    }

    /// <summary>Reads the feed as a policy.</summary>
    public Task<Answer> FeedAsync(string query, string policy = "service", string name = "hub")
    {
        var context = Context("/hubs/hub/telemetry", [], null);
        context.Request.QueryString = new QueryString(query);
        context.Request.RouteValues["hub"] = name;
        context.Request.Headers.Authorization = SharedAccessSignature.Create(
            "hub.example", hub.Policies.Find(policy)!.PrimaryKey.Span, hub.Time.GetUtcNow().AddHours(1), policy);
        return RunAsync(context, _gate.AllowNamed(HubPermissions.ServiceConnect, FeedEndpoint.ReadAsync));
    }

    /// <summary>Sends telemetry as a device with this leaf.</summary>
    public Task<Answer> SendAsync(string id, TestCertificate? leaf, byte[] body, IReadOnlyDictionary<string, string>? headers = null) =>
        AskAsDeviceAsync(id, leaf, call => TelemetryEndpoint.SendAsync(call, hub.Time), "messages/events", body, headers);

    /// <summary>Asks as a device with this leaf; the last segment of the path is the lock of a message where one is asked for.</summary>
    public Task<Answer> AskAsDeviceAsync(
        string id,
        TestCertificate? leaf,
        Func<DeviceCall, Task<HubReply>> handle,
        string path,
        byte[]? body = null,
        IReadOnlyDictionary<string, string>? headers = null,
        string query = "")
    {
        var context = Context($"/devices/{id}/{path}", body ?? [], headers);
        context.Request.QueryString = new QueryString(query);
        context.Request.RouteValues["lock"] = path.Split('/')[^1];
        var presented = new PresentedCertificates();
        if (leaf is not null)
        {
            presented.Take(leaf.WithKey, null);
        }

        context.Features.Set(presented);
        return RunAsync(context, new DeviceGate(new ServedHubs([hub.Hub]), (_, _) => { }, hub.Time).Allow(handle));
    }

    private static DefaultHttpContext Context(string path, byte[] body, IReadOnlyDictionary<string, string>? headers)
    {
        var context = new DefaultHttpContext { RequestAborted = Stop };
        context.Request.Host = new HostString("HUB.example", 8443);
        context.Request.Path = path;
        context.Request.Body = new MemoryStream(body);
        context.Response.Body = new MemoryStream();
        context.Request.RouteValues["id"] = path.Split('/') is [_, _, var id, ..] ? id : null;
        context.Request.RouteValues["module"] = path.Split('/') is [_, _, _, "modules", var module, ..] ? module : null;
        foreach (var (name, value) in headers ?? new Dictionary<string, string>())
        {
            context.Request.Headers[name] = value;
        }

        return context;
    }

    private static async Task<Answer> RunAsync(DefaultHttpContext context, RequestDelegate handle)
    {
        await handle(context);
        return new Answer(
            context.Response.StatusCode,
            Encoding.UTF8.GetString(((MemoryStream)context.Response.Body).ToArray()),
            context.Response.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>What came back.</summary>
    public sealed record Answer(int Status, string Body, IReadOnlyDictionary<string, string> Headers)
    {
        public JsonElement Json => JsonElement.Parse(Body);

        public string? Error => Headers.GetValueOrDefault("iothub-errorcode");
    }
}
