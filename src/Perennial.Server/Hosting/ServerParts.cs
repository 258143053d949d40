using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Perennial.Provisioning.Attestation;
using Perennial.Provisioning.Allocation;
using Perennial.Provisioning.Enrollments;
using Perennial.Provisioning.Registrations;
using Perennial.Rolling.Retirement;
using Perennial.Server.Http;
using Perennial.Server.Mqtt;
using Perennial.Server.Portal;
using Perennial.Server.Storage.Sqlite;
using Perennial.X509;

namespace Perennial.Server.Hosting;

/// <summary>Everything that an instance serves with, put together by hand in one place.</summary>
internal sealed class ServerParts : IAsyncDisposable
{
    private readonly SqliteDatabase _database;

    private ServerParts(SqliteDatabase database) => _database = database;

    public required ServerCertificate Certificate { get; init; }

    public required DeviceConnectionHandler DeviceConnections { get; init; }

    public required Action<WebApplication> Map { get; init; }

    public static ServerParts Compose(Instance instance, ILoggerFactory loggers, TimeProvider time)
    {
        var certificate = ServerCertificate.Open(instance, time);
        var database = SqliteDatabase.Open(instance.DatabaseFile, time);
        var enrollments = new EnrollmentStore(database, time);
        var registrations = new RegistrationStore(database, time);
        var sightings = new SightingStore(database);
        var ledger = new SightingLedger(sightings);
        var policy = new ChainPolicy(new ChainPolicyOptions(), new SignatureCache());
        var refusals = new RefusalLedger(loggers.CreateLogger<RefusalLedger>(), time);
        var hubs = new LinkedHubs([]);
        var register = new RegisterDevice(enrollments, registrations, ledger, hubs, new DeviceAttestation(policy), time);
        var answers = new AnswerDevice(
            register, new FindOperation(registrations, policy, time), ledger, refusals, loggers.CreateLogger<AnswerDevice>(), time);
        var document = instance.Document;
        var call = new ServiceCall(new AuthorizeService(document.Host, instance.Policies.Provisioning, refusals, time), time);
        var save = new SaveEnrollment(enrollments, hubs, time);
        var delete = new DeleteEnrollment(enrollments, hubs);
        var retire = new RetireCertificate(enrollments, sightings, save);
        List<Action<IEndpointRouteBuilder>> services =
        [
            new EnrollmentEndpoints(new IndividualEnrollmentForm(), call, enrollments, registrations, save, delete).Map,
            new EnrollmentEndpoints(new EnrollmentGroupForm(), call, enrollments, registrations, save, delete).Map,
            new RegistrationEndpoints(call, registrations).Map,
            new RollingEndpoints(new IndividualEnrollmentForm(), call, enrollments, sightings, retire).Map,
            new RollingEndpoints(new EnrollmentGroupForm(), call, enrollments, sightings, retire).Map,
            new SightingEndpoints(call, sightings).Map,
        ];
        return new ServerParts(database)
        {
            Certificate = certificate,
            DeviceConnections = new DeviceConnectionHandler(
                new ProvisioningSession(document.IdScope, document.FirstReply, answers, refusals, time),
                new NoHubSession(),
                refusals,
                loggers.CreateLogger<DeviceConnectionHandler>(),
                time),
            Map = app =>
            {
                new ErrorPages(loggers.CreateLogger<ErrorPages>(), time).Use(app);
                new PortalPages(instance, certificate, static () => true).Use(app);
                new ProvisioningDeviceEndpoints(document.IdScope, answers, registrations, time).Map(app);
                services.ForEach(map => map(app));
            },
        };
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();
}
