using Perennial.Server.Tests.Commands;

namespace Perennial.Server.Tests.Metrics;

/// <summary>The real executable, told of a collector by the standard's environment.</summary>
public sealed class OtlpTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_collector_named_by_the_environment_is_sent_the_metrics()
    {
        var folder = Directory.CreateTempSubdirectory("perennial-test-").FullName;
        await using var collector = await Collector.StartAsync("perennial.connections");
        await using (var server = ServerProcess.StartWith(
            new Dictionary<string, string>
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Url,
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
            },
            "serve", "--data", folder, "--host", "localhost", "--bind", "127.0.0.1",
            "--mqtt-port", "0", "--amqp-port", "0", "--https-port", "0", "--portal-port", "0"))
        {
            await server.WaitUntilReadyAsync();
            Assert.Equal("/v1/metrics", await collector.Received.WaitAsync(Patience, TestContext.Current.CancellationToken));
        }

        Directory.Delete(folder, recursive: true);
    }
}
