using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Perennial.Bench.Exchanges;
using Perennial.Bench.Results;
using Perennial.Bench.Servers;
using Perennial.Protocol;
using Perennial.Server.Sandbox.Fleet;
using Perennial.Server.Sandbox.Operator;

namespace Perennial.Bench;

/// <summary>What a device costs that is connected to its hub and silent, in memory of the server's process.</summary>
internal static class MemoryBench
{
    private const int AtOnce = 100;

    public static async Task<int> RunAsync(bool isQuick)
    {
        var count = isQuick ? 1000 : 5000;
        var folder = Directory.CreateTempSubdirectory("perennial-bench-");
        try
        {
            using var issuer = new FleetIssuer(TimeProvider.System);
            await using var perennial = await PerennialServer.StartAsync(Path.Combine(folder.FullName, "instance"));
            using var credential = issuer.IssueIndividual("every-device");
            var devices = Enumerable.Range(1, count).Select(i => new Applicant(string.Create(CultureInfo.InvariantCulture, $"idle-{i:0000}"), credential)).ToList();
            await RegisterAsync(perennial, devices);
            var hub = perennial.Summary.Hubs[0].HostName;
            var (each, before) = await MeasureAsync(perennial.Process, new HubLinks(perennial.Address, hub, devices), count);
            var (bare, bareAddress) = await BareServer.StartAsync(folder, issuer.RootPem);
            await using var bareProcess = bare;
            var (least, _) = await MeasureAsync(bare, new HubLinks(bareAddress, BareServer.Host, devices), count);
            PerformancePage.Report("memory", string.Create(CultureInfo.InvariantCulture, $"""
                - memory of an idle TLS connection: {each:0.0} kB (goal 64 kB)
                - of one to bare Kestrel, which answers CONNECT and keeps nothing: {least:0.0} kB

                Growth of the resident memory of the process over {count} connections of as many devices, each by TLS 1.3 with a client certificate and
                MQTT CONNECT, divided by their number: {before / 1024 / 1024} MB before.
                """), isQuick);
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<(double Each, long Before)> MeasureAsync(ChildServer server, HubLinks links, int count)
    {
        var warmUp = await links.PrepareConnectsAsync(AtOnce);
        await warmUp();
        await server.SettleAsync(TimeProvider.System);
        var before = server.Memory;
        var open = await links.OpenAllAsync();
        await server.SettleAsync(TimeProvider.System);
        var each = (server.Memory - before) / (double)count / 1024;
        foreach (var link in open)
        {
            await link.DisposeAsync();
        }

        return (each, before);
    }

    // Identities that pin the same leaf: what they cost in memory is the same as with a leaf each.
    private static async Task RegisterAsync(PerennialServer perennial, IReadOnlyList<Applicant> devices)
    {
        using var client = new OperatorClient(perennial.Address, perennial.Summary.Hubs[0].ConnectionString, TimeProvider.System);
        using var leaf = X509Certificate2.CreateFromPem(devices[0].Credential.LeafPem);
        var thumbprint = leaf.GetCertHashString(HashAlgorithmName.SHA256);
        foreach (var some in devices.Chunk(AtOnce))
        {
            var body = new JsonArray([.. some.Select(device => (JsonNode)new JsonObject
            {
                ["id"] = device.Id,
                ["importMode"] = "create",
                ["status"] = "enabled",
                ["authentication"] = new JsonObject
                {
                    ["type"] = "selfSigned",
                    ["x509Thumbprint"] = new JsonObject { ["primaryThumbprint"] = thumbprint, ["secondaryThumbprint"] = thumbprint },
                },
            })]);
            using var answer = await client.SendAsync(
                HttpMethod.Post, $"devices?{ApiVersion.Parameter}={ApiVersion.Hub}", Encoding.UTF8.GetBytes(body.ToJsonString()), CancellationToken.None);
            answer.EnsureSuccessStatusCode();
        }
    }
}
