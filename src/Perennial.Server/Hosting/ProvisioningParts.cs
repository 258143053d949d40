using System.Net;
using Microsoft.Extensions.Logging;
using Perennial.Authority.Issuers;
using Perennial.Provisioning.Allocation;
using Perennial.Provisioning.Attestation;
using Perennial.Provisioning.Issuance;
using Perennial.Provisioning.Registrations;
using Perennial.Rolling.Rolls;
using Perennial.Server.Connections;
using Perennial.Server.Http;
using Perennial.Server.Hubs;
using Perennial.Server.Instances;
using Perennial.Server.Limits;
using Perennial.Server.Metrics;
using Perennial.Server.Rolls;
using Perennial.Server.Storage.Sql;
using Perennial.X509;

namespace Perennial.Server.Hosting;

/// <summary>The provisioning service put together: what devices ask, and what goes on beside.</summary>
internal sealed class ProvisioningParts : IAsyncDisposable
{
    private readonly CarryOutOperation _carryOut;
    private readonly HttpMessageInvoker _toHubs;
    private readonly HttpMessageInvoker _toWebhooks;

    private ProvisioningParts(CarryOutOperation carryOut, HttpMessageInvoker toHubs, HttpMessageInvoker toWebhooks)
    {
        _carryOut = carryOut;
        _toHubs = toHubs;
        _toWebhooks = toWebhooks;
    }

    public required AnswerDevice Answers { get; init; }

    /// <summary>Issues a device its next leaf beside a registration.</summary>
    public required ObtainLeaf Obtain { get; init; }

    /// <summary>Issues attested devices their next leaf.</summary>
    public required IssueLeaf Issue { get; init; }

    /// <summary>Requests to addresses that operators gave for webhooks.</summary>
    public HttpMessageInvoker ToWebhooks => _toWebhooks;

    public required LinkHubs Links { get; init; }

    public required FinishDepartures Departures { get; init; }

    public static ProvisioningParts Compose(
        Instance instance,
        SqlDatabase database,
        ServedHubs hubs,
        DeviceAttestation attestation,
        ChainPolicy policy,
        ChallengeTpm challenge,
        ICertificateIssuance authority,
        IProfileStore profiles,
        Throttle<ProvisioningOperation> limits,
        RefusalLedger refusals,
        Measures measures,
        ILoggerFactory loggers,
        TimeProvider time)
    {
        var trust = OutgoingHttp.Trust(instance.Document.OutgoingTrust);
        var toHubs = OutgoingHttp.ToHubs(trust);
        var toWebhooks = OutgoingHttp.ToWebhooks(trust, new OutgoingAddresses([.. instance.Document.WebhookNetworks.Select(IPNetwork.Parse)]));
        var links = new LinkHubs(
            instance.LinkedHubs,
            [.. hubs.All.Select(hub => new HubLink(hub.Linked) { Weight = hub.Linked.Weight })],
            hub => new RemoteHub(hub.Host, new RemoteHubClient(toHubs, hub, time)),
            new LinkLedger(database, time));
        var (enrollments, registrations, operations) = (new EnrollmentStore(database, time), new RegistrationStore(database, time), new OperationStore(database));
        var ledger = new SightingLedger(new SightingStore(database));
        var gate = new RegistrationGate();
        var plan = new PlanRegistration(enrollments, registrations, ledger, links.Linked, attestation, time);
        var leaves = new IssuedLeafStore(database);
        var issue = new IssueLeaf(authority, leaves, enrollments, links.Linked, attestation, new DrainStore(database), time);
        var expired = new AttestExpired(enrollments, authority, attestation, time);
        var obtain = new ObtainLeaf(enrollments, registrations, attestation, expired, ledger, issue, time);
        var assign = new AssignDevice(registrations, operations, leaves, ledger, links.Linked, refusals.Note);
        var attempt = new AttemptOperation(plan, assign, new AllocationWebhook(toWebhooks, time), operations, gate, refusals.Note);
        var carryOut = new CarryOutOperation(operations, attempt, time);
        return new ProvisioningParts(carryOut, toHubs, toWebhooks)
        {
            Links = links,
            Issue = issue,
            Obtain = obtain,
            Departures = new FinishDepartures(operations, registrations, links.Linked, gate),
            Answers = new AnswerDevice(
                new AuthenticatePeer(instance.Document.IdScope, ledger, refusals, time),
                new RegisterDevice(plan, issue, expired, registrations, assign, carryOut),
                new FindOperation(registrations, operations, enrollments, leaves, attestation, carryOut, policy, time),
                obtain,
                challenge,
                new TellWindow(new FindRollWindow(new RollStore(database, time), time), enrollments, profiles),
                refusals,
                limits,
                measures,
                loggers.CreateLogger<AnswerDevice>(),
                time),
        };
    }

    public async ValueTask DisposeAsync()
    {
        await _carryOut.DisposeAsync();
        Links.Dispose();
        _toHubs.Dispose();
        _toWebhooks.Dispose();
    }
}
