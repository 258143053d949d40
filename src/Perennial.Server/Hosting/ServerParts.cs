using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Perennial.Provisioning.Attestation;
using Perennial.Rolling.Drains;
using Perennial.Rolling.Fleet;
using Perennial.Rolling.Impact;
using Perennial.Server.Amqp;
using Perennial.Server.Amqp.Devices;
using Perennial.Server.Breach;
using Perennial.Server.Connections;
using Perennial.Server.Est;
using Perennial.Server.EventHubs;
using Perennial.Server.Fleet;
using Perennial.Server.Http;
using Perennial.Server.Hubs;
using Perennial.Server.Instances;
using Perennial.Server.Issuance;
using Perennial.Server.Limits;
using Perennial.Server.Metrics;
using Perennial.Server.Mqtt;
using Perennial.Server.Notices;
using Perennial.Server.OpenApi;
using Perennial.Server.Policies;
using Perennial.Server.Rolls;
using Perennial.Server.Storage.Sql;
using Perennial.Server.WebSockets;
using Perennial.X509;

namespace Perennial.Server.Hosting;

/// <summary>Everything that an instance serves with, put together by hand in one place.</summary>
internal sealed class ServerParts : IAsyncDisposable
{
    private readonly SqlDatabase _database;

    private ServerParts(SqlDatabase database) => _database = database;

    public required ServerCertificate Certificate { get; init; }

    public required ServedHubs Hubs { get; init; }

    public required Measures Measures { get; init; }

    /// <summary>What goes on beside requests while the server runs.</summary>
    public required IReadOnlyList<IHostedService> Background { get; init; }

    public required ProvisioningParts Provisioning { get; init; }

    /// <summary>Issues certificates to devices.</summary>
    public required AuthorityParts Authority { get; init; }

    public required PortalParts Portal { get; init; }

    public required DeviceConnectionHandler DeviceConnections { get; init; }

    public required AmqpConnectionHandler AmqpConnections { get; init; }

    /// <summary>Adds what answers HTTP requests.</summary>
    public required Action<WebApplication> Map { get; init; }

    public static async Task<ServerParts> ComposeAsync(Instance instance, ILoggerFactory loggers, TimeProvider time)
    {
        var certificate = ServerCertificate.Open(instance, time);
        var database = DatabaseOpening.Open(instance.Database, loggers, time);
        var enrollments = new EnrollmentStore(database, time);
        var sightings = new SightingStore(database);
        var policy = new ChainPolicy(new ChainPolicyOptions { ClockSkew = instance.Document.ClockSkew }, new SignatureCache());
        var tpmKeys = new TpmIdentityKeys(await ServiceSecrets.OpenAsync(database, ServiceSecrets.TpmKeys, TpmIdentityKeys.SecretLength));
        var attestation = new DeviceAttestation(policy, tpmKeys);
        var (measures, figures, steps) = (new Measures(), new LatestFigures(), new LatestSteps());
        var refusals = new RefusalLedger(loggers.CreateLogger<RefusalLedger>(), time, measures);
        var authority = AuthorityParts.Compose(instance, database, time);
        ProvisioningParts? composed = null;
        var credentials = new DeviceCredentials(enrollments, new RegistrationStore(database, time), attestation, () => composed!.Issue, time);
        var hubs = await HubComposition.ComposeAsync(
            instance, database, enrollments, sightings, attestation, credentials, refusals.Note, policy, loggers.CreateLogger<ServedHub>(), time);
        var limits = (instance.Document.Limits?.Provisioning ?? ProvisioningLimits.None).ToThrottle(time);
        var challenge = new ChallengeTpm(enrollments, tpmKeys);
        var issuance = new AuthorityIssuance(authority.Profiles, authority.Issue, measures, time);
        var provisioning = composed = ProvisioningParts.Compose(
            instance, database, hubs, attestation, policy, challenge, issuance, authority.Profiles, limits, refusals, measures, loggers, time);
        var live = new LivePolicies(instance.Policies, new PolicyLedger(database, time));
        await live.RecordAsync(WatchPolicies.Actor);
        await provisioning.Links.RecordAsync(LinkHubs.FileActor);
        var policyFile = instance.PolicyFile(time);
        var call = new ServiceCall(new AuthorizeBackEnd(instance.Document.Host, () => live.Current.Provisioning, refusals, time), limits, refusals, time);
        var policies = new PolicyEndpoints(new AnswerOwner(new ChangePolicies(policyFile), policyFile, live, hubs), call, hubs, refusals.Note, time);
        var judge = new JudgeChain(enrollments, attestation, instance.Document.ClockSkew);
        var services = new ServiceApiComposition(call, database, provisioning.Links, policy, judge, hubs, steps, authority.MeasureIssuance, time);
        var rehearsals = new RehearsalParts(database, authority, attestation, judge, hubs, provisioning.Links.Linked, instance.Document.Limits?.Provisioning?.Registrations, loggers, time);
        var devices = new DeviceConnectionHandler(
            new ProvisioningSession(instance.Document.IdScope, instance.Document.FirstReply, provisioning.Answers, refusals, time),
            new HubDoor(hubs, refusals.Note, loggers.CreateLogger<HubDoor>(), time),
            refusals,
            loggers.CreateLogger<DeviceConnectionHandler>(),
            time);
        var amqp = new AmqpConnectionHandler(
            [.. AmqpConnectionHandler.UsualMechanisms, new TpmMechanism(instance.Document.IdScope, challenge, refusals)],
            NodesOf(instance.Document, hubs, provisioning.Answers, refusals, time),
            refusals,
            loggers.CreateLogger<AmqpConnectionHandler>(),
            time);
        var around = new PortalSurroundings(instance, database, certificate, authority, provisioning, hubs, live, judge, refusals, figures, measures, steps, rehearsals.Forecast, rehearsals.Run);
        var portal = await PortalParts.ComposeAsync(around, loggers, time);
        return new ServerParts(database)
        {
            Certificate = certificate,
            Hubs = hubs,
            Measures = measures,
            Provisioning = provisioning,
            Authority = authority,
            Background =
            [
                new WatchPolicies(policyFile, live, hubs, loggers.CreateLogger<WatchPolicies>(), time),
                new WatchRevocations(new RevocationStore(database, time), hubs, loggers.CreateLogger<WatchRevocations>(), time),
                Rolls(database, provisioning, hubs, steps, loggers, time),
                Drains(database, judge, hubs, loggers, time),
                .. Counts(database, figures, measures, loggers, time),
                Notices(database, authority, provisioning, refusals, figures, loggers, time),
                .. Chores(rehearsals, hubs, authority, provisioning, loggers, time),
            ],
            Portal = portal,
            DeviceConnections = devices,
            AmqpConnections = amqp,
            Map = app =>
            {
                new ErrorPages(loggers.CreateLogger<ErrorPages>(), time).Use(app);
                new RevocationPages(authority.RevocationList, authority.Ocsp, time).Use(app);
                portal.Use(app);
                new WebSocketDoor(Protocols(devices, amqp), time).Use(app);
                new ProvisioningDeviceEndpoints(instance.Document.IdScope, provisioning.Answers, time).Map(app);
                new EstEndpoints(authority.Profiles, authority.Trust, provisioning.Obtain, limits, refusals, time).Map(app);
                services.Map(app);
                rehearsals.Map(call, app);
                policies.Map(app);
                app.MapHubs(hubs, new DisconnectDevice(new AuditNotes(database, time)), Identities(instance, database, judge, time), refusals.Note, time);
                app.MapApiPages();
            },
        };
    }

    private static AnswerIdentityImpact Identities(Instance instance, SqlDatabase database, JudgeChain judge, TimeProvider time)
    {
        var shown = new ShownCredentials(new SightingStore(database), new PresentedStore(database), judge);
        return new AnswerIdentityImpact(new PreviewIdentities(shown, new EnrollmentStore(database, time), instance.Document.ClockSkew, time));
    }

    private static Dictionary<string, ConnectionDelegate> Protocols(DeviceConnectionHandler mqtt, AmqpConnectionHandler amqp) => new()
    {
        [WebSocketProtocol.Mqtt] = mqtt.OnConnectedAsync,
        [WebSocketProtocol.Amqp] = amqp.OnConnectedAsync,
    };

    private static IEnumerable<IHostedService> Counts(
        SqlDatabase database, LatestFigures figures, Measures measures, ILoggerFactory loggers, TimeProvider time) =>
    [
        new CountFleet(new FleetStore(database), figures, measures, loggers.CreateLogger<CountFleet>(), time),
        new CountExpiring(new ExpiryStore(database), measures, loggers.CreateLogger<CountExpiring>(), time),
    ];

    private static IEnumerable<IHostedService> Chores(
        RehearsalParts rehearsals, ServedHubs hubs, AuthorityParts authority, ProvisioningParts provisioning, ILoggerFactory loggers, TimeProvider time) =>
    [
        rehearsals.Run,
        rehearsals.Proofs.Make,
        new RunHubJobs(hubs, loggers.CreateLogger<RunHubJobs>(), time),
        new KeepRevocationLists(authority.Issuers, authority.RevocationList, loggers.CreateLogger<KeepRevocationLists>(), time),
        new TellSelfMadeRoots(authority.SelfMadeRoots, loggers.CreateLogger<TellSelfMadeRoots>()),
        new MoveIdentitiesAway(provisioning.Departures, loggers.CreateLogger<MoveIdentitiesAway>(), time),
    ];

    private static RunRolls Rolls(
        SqlDatabase database, ProvisioningParts provisioning, ServedHubs hubs, LatestSteps steps, ILoggerFactory loggers, TimeProvider time) => new(
        new RollStore(database, time),
        new EnrollmentStore(database, time),
        new RegistrationStore(database, time),
        new SightingStore(database),
        provisioning.Links.Linked,
        hubs,
        new RolledIssuers(new IssuerStore(database, time), time),
        new CapacityStore(database, time),
        steps,
        loggers.CreateLogger<RunRolls>(),
        time);

    private static OrderDrains Drains(SqlDatabase database, JudgeChain judge, ServedHubs hubs, ILoggerFactory loggers, TimeProvider time)
    {
        var preview = new PreviewImpact(new PresentedChains(database), new PresentedKeys(database), judge, hubs.FollowingEnrollments, time);
        return new OrderDrains(new OrderDrain(new DrainStore(database), new BlockStore(database, time), preview, time), loggers.CreateLogger<OrderDrains>(), time);
    }

    private static TellNotices Notices(
        SqlDatabase database,
        AuthorityParts authority,
        ProvisioningParts provisioning,
        RefusalLedger refusals,
        LatestFigures figures,
        ILoggerFactory loggers,
        TimeProvider time)
    {
        var store = new WebhookStore(database, time);
        return new TellNotices(
            new FindNews(new ExpiringDays(database, authority.Issuers), refusals.Recent, () => figures.Value?.States.GetValueOrDefault(DeviceState.Overdue), store, time),
            new DeliverNotices(store, new SendNotice(provisioning.ToWebhooks, time), time),
            loggers.CreateLogger<TellNotices>(),
            time);
    }

    /// <summary>What links of an AMQP connection attach to.</summary>
    private static AmqpNodes NodesOf(
        InstanceDocument instance, ServedHubs hubs, AnswerDevice answers, RefusalLedger refusals, TimeProvider time)
    {
        var readers = new PartitionReaders();
        return peer =>
        {
            var events = new EventHubAccess(peer, hubs, refusals.Note);
            return
            [
                new CbsNode(peer, hubs, refusals.Note, time),
                new RegistrationNode(peer, instance.IdScope, instance.FirstReply, answers),
                new DeviceNode(peer, hubs, refusals.Note, time),
                new BackEndNode(peer, hubs, refusals.Note, time),
                new ManagementNode(events),
                new PartitionNode(events, readers, time),
            ];
        };
    }

    public async ValueTask DisposeAsync()
    {
        Portal.Dispose();
        await Provisioning.DisposeAsync();
        Authority.Dispose();
        Measures.Dispose();
        foreach (var hub in Hubs.All)
        {
            hub.Dispose();
        }

        await _database.DisposeAsync();
    }
}
