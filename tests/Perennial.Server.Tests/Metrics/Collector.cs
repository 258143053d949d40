using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Perennial.Server.Tests.Metrics;

/// <summary>A collector of OTLP over HTTP on the loopback, which waits for a metric of this name.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TaskCompletionSource<string> _received = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Collector(string name)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(context => TakeAsync(context, name));
    }

    public string Url { get; private set; } = string.Empty;

    /// <summary>The path of the request that brought the metric.</summary>
    public Task<string> Received => _received.Task;

    public static async Task<Collector> StartAsync(string name)
    {
        var collector = new Collector(name);
        await collector._app.StartAsync(TestContext.Current.CancellationToken);
        collector.Url = collector._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return collector;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context, string name)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        if (Encoding.Latin1.GetString(body.ToArray()).Contains(name, StringComparison.Ordinal))
        {
            _received.TrySetResult(context.Request.Path);
        }
    }
}
