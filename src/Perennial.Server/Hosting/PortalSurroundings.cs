using Perennial.Rolling.Forecasts;
using Perennial.Rolling.Impact;
using Perennial.Server.Connections;
using Perennial.Server.Fleet;
using Perennial.Server.Hubs;
using Perennial.Server.Instances;
using Perennial.Server.Metrics;
using Perennial.Server.Policies;
using Perennial.Server.Rehearsals;
using Perennial.Server.Rolls;
using Perennial.Server.Storage.Sql;

namespace Perennial.Server.Hosting;

/// <summary>What the portal is put together from: add here what pages need of the rest of the server.</summary>
internal sealed record PortalSurroundings(
    Instance Instance,
    SqlDatabase Database,
    ServerCertificate Certificate,
    AuthorityParts Authority,
    ProvisioningParts Provisioning,
    ServedHubs Hubs,
    LivePolicies Policies,
    JudgeChain Judge,
    RefusalLedger Refusals,
    LatestFigures Figures,
    Measures Measures,
    LatestSteps Steps,
    ForecastExpiry Forecast,
    RunRehearsals Rehearsing);
