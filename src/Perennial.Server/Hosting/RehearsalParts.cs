using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Perennial.Provisioning.Attestation;
using Perennial.Rolling.Forecasts;
using Perennial.Rolling.Impact;
using Perennial.Server.Http;
using Perennial.Server.Hubs;
using Perennial.Server.Limits;
using Perennial.Server.Rehearsals;
using Perennial.Server.Storage.Sql;

namespace Perennial.Server.Hosting;

/// <summary>The rehearsals of rolls put together.</summary>
internal sealed class RehearsalParts(
    SqlDatabase database, AuthorityParts authority, DeviceAttestation attestation, JudgeChain judge, ServedHubs hubs, RateLimit? registrations, ILoggerFactory loggers, TimeProvider time)
{
    public RehearsalStore Store { get; } = new(database, time);

    public RunRehearsals Run { get; } = new(
        new RollStore(database, time),
        new RehearsalStore(database, time),
        new ReadScene(
            new EnrollmentStore(database, time),
            new PresentedChains(database),
            new RehearsalFleetRows(database),
            judge,
            attestation,
            new MakeOutSpecimen(new PresentedChains(database), authority.Profiles, authority.Issuers),
            authority.Profiles,
            hubs,
            new CapacityStore(database, time),
            registrations,
            time),
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
}
