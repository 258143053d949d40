using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Perennial.TestCertificates;

namespace Perennial.Server.Tests.Webhooks;

/// <summary>An operator's allocation webhook: an HTTPS server on the loopback, with a certificate for <c>localhost</c> below a root of its own.</summary>
internal sealed class WebhookServer : IAsyncDisposable
{
    private readonly TestAuthority _root = TestAuthority.CreateRoot("Webhook root");
    private readonly TestCertificate _own;
    private readonly WebApplication _app;
    private readonly Func<HttpContext, int, Task> _answer;
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly ConcurrentQueue<TaskCompletionSource> _waiting = new();
    private int _connections;

    private WebhookServer(Func<HttpContext, int, Task> answer)
    {
        _answer = answer;
        _own = _root.IssueServer("localhost");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Use(next => connection => CountAsync(next, connection));
            listen.UseHttps(_own.WithKey);
        }));
        _app = builder.Build();
        _app.Run(RunAsync);
    }

    public int Port { get; private set; }

    public Uri Url => new($"https://localhost:{Port}/allocate?code=secret");

    public TestCertificate Root => _root.Own;

    /// <summary>Method, path and body of each request, in order.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    /// <summary>TCP connections that were accepted.</summary>
    public int Connections => _connections;

    /// <param name="answer">What is answered to the request of this number, from 1.</param>
    public static async Task<WebhookServer> StartAsync(Func<HttpContext, int, Task> answer)
    {
        var server = new WebhookServer(answer);
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        var addresses = server._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        server.Port = new Uri(addresses.Single()).Port;
        return server;
    }

    /// <summary>A server that answers 200 with this body.</summary>
    public static Task<WebhookServer> SayingAsync(string body) => StartAsync((context, _) => context.Response.WriteAsync(body));

    /// <summary>Answers nothing; ends when the client gives up.</summary>
    public async Task HangAsync(HttpContext context)
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = context.RequestAborted.Register(() => gone.TrySetResult());
        _waiting.Enqueue(gone);
        await gone.Task;
    }

    /// <summary>Waits until so many requests have come to hang.</summary>
    public async Task WaitForHangingAsync(int count)
    {
        while (_waiting.Count < count)
        {
            await Task.Yield();
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Waits until the client has given all of them up.</summary>
    public Task WaitForGivenUpAsync() => Task.WhenAll(_waiting.Select(gone => gone.Task)).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        foreach (var gone in _waiting)
        {
            gone.TrySetResult();
        }

        await _app.DisposeAsync();
        _own.Dispose();
        _root.Dispose();
    }

    private async Task RunAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        _requests.Enqueue($"{context.Request.Method} {context.Request.Path} {context.Request.ContentType} {await reader.ReadToEndAsync(context.RequestAborted)}");
        await _answer(context, _requests.Count);
    }

    private Task CountAsync(ConnectionDelegate next, ConnectionContext connection)
    {
        Interlocked.Increment(ref _connections);
        return next(connection);
    }
}
