using Perennial.Protocol.Hub;
using Perennial.Server.Sandbox.Fleet;
using Perennial.Server.Sandbox.Operator;
using Perennial.Server.Sandbox.Story;

namespace Perennial.Server.Sandbox;

/// <summary>One run: an instance, a fleet and an operator, put together for the story. Disposing ends all of it and leaves nothing behind.</summary>
internal sealed class SandboxRun : IAsyncDisposable
{
    private readonly SandboxInstance _instance;
    private readonly OperatorClient _provisioning;
    private readonly OperatorClient _hub;
    private readonly FleetIssuer _issuer;
    private readonly SeedStory _story;

    private SandboxRun(
        SandboxOptions options,
        SandboxInstance instance,
        TimeProvider time,
        Func<IAsyncEnumerable<TelemetryFeedLine>, IAsyncEnumerable<TelemetryFeedLine>> feed)
    {
        var summary = instance.Summary;
        var hub = summary.Hubs[0];
        _instance = instance;
        _provisioning = new OperatorClient(instance.Address, summary.ProvisioningConnectionString, time);
        _hub = new OperatorClient(instance.Address, hub.ConnectionString, time);
        _issuer = new FleetIssuer(time);
        Board = new StoryBoard(time);
        Fleet = new SandboxFleet(options.Devices, _issuer, new FleetSurroundings(instance.Address, summary.ProvisioningHost, summary.IdScope, time));
        var fleetOperator = new FleetOperator(_provisioning);
        var reader = new TelemetryReader(_hub, hub.Name);
        _story = new SeedStory(
            Fleet,
            fleetOperator,
            new RetireByProof(Fleet, fleetOperator, new ProbeCertificate(Fleet.Surroundings, hub.HostName)),
            (from, cancellationToken) => feed(reader.ReadAsync(from, cancellationToken)),
            new SeededOrder(options.Seed),
            Board);
    }

    /// <summary>Signs in to the portal without a password; it works once.</summary>
    public Uri PortalEntry => _instance.PortalEntry;

    /// <summary>Holds everything the run writes.</summary>
    public string Folder => _instance.Folder;

    public StoryBoard Board { get; }

    public SandboxFleet Fleet { get; }

    /// <param name="options">The size and the behaviour.</param>
    /// <param name="time">The clock.</param>
    /// <param name="feed">What stands between the feed and the comparison; null for nothing.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    public static async Task<SandboxRun> StartAsync(
        SandboxOptions options,
        TimeProvider time,
        Func<IAsyncEnumerable<TelemetryFeedLine>, IAsyncEnumerable<TelemetryFeedLine>>? feed,
        CancellationToken cancellationToken) =>
        new(options, await SandboxInstance.StartAsync(options.AzureMode, time, cancellationToken), time, feed ?? (lines => lines));

    public Task<SandboxSummary> TellAsync(CancellationToken cancellationToken) => _story.RunAsync(cancellationToken);

    public Task<IReadOnlyList<string>> ReadLogAsync(CancellationToken cancellationToken) => _instance.ReadLogAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Fleet.DisposeAsync();
        _issuer.Dispose();
        _provisioning.Dispose();
        _hub.Dispose();
        await _instance.DisposeAsync();
    }
}
