using System.Globalization;
using Perennial.Bench.Exchanges;
using Perennial.Bench.Results;
using Perennial.Bench.Servers;
using Perennial.Server.Sandbox.Fleet;

namespace Perennial.Bench;

/// <summary>
/// Server CPU of a connect with a client certificate and of a publish, as ratios to mosquitto: the same devices, certificates and packets,
/// rounds interleaved.
/// </summary>
internal static class HubBench
{
    private const int Connections = 100;

    private const string Bare = "bare Kestrel, which looks at nothing and keeps nothing";

    private static readonly RoundPlan Connects = new(WarmUps: 6, Rounds: 9, Exchanges: 400);

    private static readonly RoundPlan Publishes = new(WarmUps: 6, Rounds: 9, Exchanges: 10_000);

    public static async Task<int> RunAsync(bool isQuick)
    {
        var folder = Directory.CreateTempSubdirectory("perennial-bench-");
        try
        {
            using var issuer = new FleetIssuer(TimeProvider.System);
            await using var perennial = await PerennialServer.StartAsync(Path.Combine(folder.FullName, "instance"));
            var (mosquitto, broker) = await Mosquitto.StartAsync(folder, issuer.RootPem);
            await using var mosquittoProcess = mosquitto;
            var (bare, bareAddress) = await BareServer.StartAsync(folder, issuer.RootPem);
            await using var bareProcess = bare;
            var devices = await ProvisionAsync(perennial, issuer, Quick(Connects, isQuick).Exchanges);
            var hub = perennial.Summary.Hubs[0].HostName;

            var connects = await Rounds.TakeAsync(
                Quick(Connects, isQuick),
                new Contender("mosquitto", mosquitto, new HubLinks(broker, Mosquitto.Host, devices).PrepareConnectsAsync),
                new Contender("hub", perennial.Process, new HubLinks(perennial.Address, hub, devices).PrepareConnectsAsync),
                new Contender(Bare, bare, new HubLinks(bareAddress, BareServer.Host, devices).PrepareConnectsAsync));
            var few = devices.Take(Connections).ToList();
            await using var toBroker = new HubLinks(broker, Mosquitto.Host, few);
            await using var toHub = new HubLinks(perennial.Address, hub, few);
            await using var toBare = new HubLinks(bareAddress, BareServer.Host, few);
            var publishes = await Rounds.TakeAsync(
                Quick(Publishes, isQuick),
                new Contender("mosquitto", mosquitto, toBroker.PreparePublishesAsync),
                new Contender("hub", perennial.Process, toHub.PreparePublishesAsync),
                new Contender(Bare, bare, toBare.PreparePublishesAsync));
            PerformancePage.Report("hub", Section(connects, publishes), isQuick);
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static RoundPlan Quick(RoundPlan plan, bool isQuick) =>
        isQuick ? plan with { WarmUps = 1, Rounds = 2, Exchanges = plan.Exchanges / 4 } : plan;

    private static async Task<IReadOnlyList<Applicant>> ProvisionAsync(PerennialServer perennial, FleetIssuer issuer, int count)
    {
        var applicants = new Applicants(perennial, issuer);
        await applicants.EnrollGroupAsync();
        var devices = await applicants.MembersAsync(count);
        var provisioning = new MqttExchange(perennial);
        await Parallel.ForEachAsync(devices, async (device, _) => await provisioning.RunAsync(device));
        return devices;
    }

    private static string Section(IReadOnlyList<RatioRow> connects, IReadOnlyList<RatioRow> publishes) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        - connect with a client certificate: {connects[1].Ratio.Median:0.00} (goal 1.1)
        - publish at quality of service 1, {Connections} connections: {publishes[1].Ratio.Median:0.00} (goal 1.8)

        {RatioRow.Table("connect, CONNACK, disconnect", connects)}
        {RatioRow.Table("publish, PUBACK", publishes)}
        Median of {Connects.Rounds} interleaved rounds of {Connects.Exchanges} connects ({RoundPlan.Together} at a time), and of {Publishes.Exchanges} publishes of 200 bytes.
        """);
}
