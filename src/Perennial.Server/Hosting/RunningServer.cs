using System.Net;
using System.Net.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Perennial.Server.Connections;
using Perennial.Server.Instances;
using Perennial.Server.Logging;
using Perennial.Server.Metrics;
using Perennial.Server.Portal;
using Perennial.Server.Portal.Access;
using Perennial.X509;

namespace Perennial.Server.Hosting;

/// <summary>An instance that serves: listeners, sessions, database. Disposing drains and ends it.</summary>
internal sealed partial class RunningServer : IAsyncDisposable
{
    /// <summary>What a drain may take; the process ends within five seconds.</summary>
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(3.5);

    private readonly WebApplication _app;
    private readonly ServerParts _parts;
    private readonly InstanceDocument _instance;

    private RunningServer(InstanceDocument instance, WebApplication app, ServerParts parts)
    {
        _instance = instance;
        _app = app;
        _parts = parts;
    }

    /// <summary>SHA-256 of the root that clients trust.</summary>
    public Thumbprint AnchorThumbprint => _parts.Certificate.AnchorThumbprint;

    /// <summary>Where the first administrator is made; null when there is a user.</summary>
    public Uri? FirstInvitation { get; private init; }

    /// <summary>Binds the ports and serves; returns once every port answers.</summary>
    /// <param name="instance">What to serve.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <param name="log">Where to log instead of standard error.</param>
    public static async Task<RunningServer> StartAsync(
        Instance instance, TimeProvider time, CancellationToken cancellationToken, TextWriter? log = null)
    {
        var loggers = new LoggerFactory([new TextLog(log ?? Console.Error, time)]);
        var parts = await ServerParts.ComposeAsync(instance, loggers, time);
        var server = new RunningServer(instance.Document, Build(instance, parts, loggers, time), parts)
        {
            FirstInvitation = parts.Portal.FirstInvitation is { } token ? PortalAddress.Of(instance.Document, AccessPages.JoinPath, token.Text) : null,
        };
        try
        {
            await server._app.StartAsync(cancellationToken);
            var logger = loggers.CreateLogger<RunningServer>();
            server._app.Lifetime.ApplicationStopping.Register(() => LogStopping(logger));
            if (parts.Certificate.UncoveredNames is { Count: > 0 } names)
            {
                LogNamesNotCovered(logger, string.Join(", ", names));
            }

            LogServing(logger, instance.Document.IdScope, ConnectionBudget.OfProcess().Most);
            return server;
        }
        catch (PortUnavailableException exception)
        {
            await server.DisposeAsync();
            throw new OperatorException(exception.Message, exception);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes an address that signs an administrator in without password and codes, once: for instances that are thrown away.</summary>
    public async Task<Uri> InviteGuestAsync(CancellationToken cancellationToken)
    {
        var token = await _parts.Portal.InviteGuestAsync(cancellationToken);
        return PortalAddress.Of(_instance, AccessPages.JoinPath, token.Text);
    }

    /// <summary>Returns when the process is told to stop (SIGTERM, SIGINT) and everything is drained.</summary>
    public Task WaitForStopAsync() => _app.WaitForShutdownAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _parts.DisposeAsync();
    }

    private static WebApplication Build(Instance instance, ServerParts parts, ILoggerFactory loggers, TimeProvider time)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(time);
        builder.Services.AddHostedService(_ =>
            new RollServerCertificate(parts.Certificate, loggers.CreateLogger<RollServerCertificate>(), time));
        builder.Services.AddHostedService(_ => new SweepQueues(parts.Hubs, loggers.CreateLogger<SweepQueues>(), time));
        foreach (var service in parts.Background)
        {
            builder.Services.AddSingleton(service);
        }

        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = DrainTime);
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel => Configure(kestrel, instance.Document, parts));
        builder.Services.AddSingleton<IConnectionListenerFactory>(_ => new BudgetedListenerFactory(
            new SocketTransportFactory(Options.Create(new SocketTransportOptions { Backlog = 1024 }), loggers),
            ConnectionBudget.OfProcess(),
            Shares(instance.Document.Ports),
            parts.Measures,
            time));
        PortalDependencies.Add(builder.Services, instance.KeysFolder);
        MetricsExport.Add(builder, parts.Measures);
        var app = builder.Build();
        MetricsExport.Use(app, instance.Document.Ports.Portal);
        parts.Map(app);
        return app;
    }

    private static void Configure(KestrelServerOptions kestrel, InstanceDocument document, ServerParts parts)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = 300 * 1024;
        kestrel.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(120);
        var tls = new TlsHandshake(parts.Certificate);
        Listen(document.Ports.Mqtt, listener =>
        {
            listener.UseHttps(tls.Options());
            listener.Run(parts.DeviceConnections.OnConnectedAsync);
        });
        Listen(document.Ports.Amqp, listener =>
        {
            listener.UseHttps(tls.Options());
            listener.Run(parts.AmqpConnections.OnConnectedAsync);
        });
        Listen(document.Ports.Https, listener =>
        {
            listener.Protocols = HttpProtocols.Http1AndHttp2;
            listener.UseHttps(tls.Options(SslApplicationProtocol.Http2, SslApplicationProtocol.Http11));
        });
        Listen(document.Ports.Portal, listener => listener.Protocols = HttpProtocols.Http1);

        void Listen(int port, Action<ListenOptions> configure)
        {
            if (document.Bind is { } address)
            {
                kestrel.Listen(IPAddress.Parse(address), port, configure);
            }
            else
            {
                kestrel.ListenAnyIP(port, configure);
            }
        }
    }

    private static IReadOnlyList<ListenerShare> Shares(PortsDocument ports) =>
    [
        new(ports.Mqtt, "MQTT", "--mqtt-port", 0.9),
        new(ports.Amqp, "AMQP", "--amqp-port", 0.9),
        new(ports.Https, "HTTPS", "--https-port", 0.5),
        new(ports.Portal, "portal", "--portal-port", 0.05),
    ];
}
