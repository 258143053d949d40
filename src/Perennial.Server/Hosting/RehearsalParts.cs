using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Perennial.Provisioning.Attestation;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Forecasts;
using Perennial.Rolling.Impact;
using Perennial.Rolling.Rehearsals;
using Perennial.Rolling.Rolls;
using Perennial.Server.Http;
using Perennial.Server.Hubs;
using Perennial.Server.Limits;
using Perennial.Server.Rehearsals;
using Perennial.Server.Rolls;
using Perennial.Server.Storage.Sql;

namespace Perennial.Server.Hosting;

/// <summary>The rehearsals of rolls put together.</summary>
internal sealed class RehearsalParts(
    SqlDatabase database, AuthorityParts authority, DeviceAttestation attestation, JudgeChain judge, ServedHubs hubs, IHubDirectory linked, RateLimit? registrations, ILoggerFactory loggers, TimeProvider time)
{
    public RehearsalStore Store { get; } = new(database, time);

    public RunRehearsals Run { get; } = new(
        new RollStore(database, time),
        new RehearsalStore(database, time),
        Scenes(database, authority, attestation, judge, hubs, linked, registrations, time),
        loggers.CreateLogger<RunRehearsals>(),
        time);

    /// <summary>Who would be refused at a moment to come.</summary>
    public ForecastExpiry Forecast { get; } = new(new PresentedChains(database), new EnrollmentStore(database, time), attestation, judge.ClockSkew, time);

    /// <summary>The reports of rolls that ended.</summary>
    public ProofParts Proofs { get; } = new(database, attestation, loggers, time);

    public void Map(ServiceCall call, IEndpointRouteBuilder routes)
    {
        Proofs.Endpoints(call).Map(routes);
        new RehearsalEndpoints(call, Store, Run).Map(routes);
        new ExpiryEndpoint(call, Forecast, time).Map(routes);
    }

    private static ReadScene Scenes(
        SqlDatabase database,
        AuthorityParts authority,
        DeviceAttestation attestation,
        JudgeChain judge,
        ServedHubs hubs,
        IHubDirectory linked,
        RateLimit? registrations,
        TimeProvider time)
    {
        var (enrollments, chains, fleet) = (new EnrollmentStore(database, time), new PresentedChains(database), new RehearsalFleetRows(database));
        var devices = new SceneDevices(fleet, hubs);
        var trust = new MoveTrust(new RollStore(database, time), enrollments, new SaveEnrollment(enrollments, linked, time), new RolledIssuers(authority.Issuers, time));
        return new ReadScene(
            enrollments,
            chains,
            fleet,
            judge,
            attestation,
            new MakeOutSpecimen(chains, authority.Profiles, authority.Issuers),
            authority.Profiles,
            devices,
            new ReadIssuerScene(
                enrollments,
                chains,
                authority.Issuers,
                new MakeOutIssued(authority.Profiles, new IssuedLeafStore(database), time),
                new JudgeIssued(enrollments, judge, attestation),
                trust,
                devices),
            new CapacityStore(database, time),
            registrations,
            time);
    }
}
