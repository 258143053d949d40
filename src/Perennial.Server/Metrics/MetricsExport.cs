using System.Collections;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Perennial.Server.Metrics;

/// <summary>
/// Brings the measures out: to Prometheus at <c>/metrics</c> on the portal's port, and by OTLP where the environment names a collector, in the
/// standard's words (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c> and its companions).
/// </summary>
internal static class MetricsExport
{
    public const string Path = "/metrics";

    private const string Standard = "OTEL_";

    private static readonly string[] Endpoints = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"];

    public static void Add(WebApplicationBuilder builder, Measures measures)
    {
        // Nothing else of the environment becomes configuration: what is served is said by options alone.
        builder.Configuration.AddInMemoryCollection(Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Select(entry => new KeyValuePair<string, string?>((string)entry.Key, entry.Value as string))
            .Where(entry => entry.Key.StartsWith(Standard, StringComparison.Ordinal)));
        var isPushed = Endpoints.Any(name => !string.IsNullOrEmpty(builder.Configuration[name]));
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(
                "perennial", serviceVersion: typeof(MetricsExport).Assembly.GetName().Version?.ToString(3)))
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(Measures.MeterName)
                    .AddView(instrument => measures.Owns(instrument) ? null : MetricStreamConfiguration.Drop)
                    .AddPrometheusExporter();
                if (isPushed)
                {
                    metrics.AddOtlpExporter();
                }
            });
    }

    /// <summary>Answers scrapes that come in by this port.</summary>
    public static void Use(WebApplication app, int port) => app.UseOpenTelemetryPrometheusScrapingEndpoint(context =>
        context.Connection.LocalPort == port && HttpMethods.IsGet(context.Request.Method) && context.Request.Path == Path);
}
