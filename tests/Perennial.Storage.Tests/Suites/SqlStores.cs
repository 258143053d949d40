using Dapper;
using Perennial.Authority.Issuance;
using Perennial.Authority.Issuers;
using Perennial.Authority.Revocation;
using Perennial.Hub.Devicebound;
using Perennial.Hub.Devices;
using Perennial.Hub.Jobs;
using Perennial.Hub.Messages;
using Perennial.Hub.Queries;
using Perennial.Hub.Sessions;
using Perennial.Hub.Twins;
using Perennial.Provisioning.Blocks;
using Perennial.Provisioning.CaCertificates;
using Perennial.Provisioning.Enrollments;
using Perennial.Provisioning.Registrations;
using Perennial.Rolling.Breaches;
using Perennial.Rolling.Impact;
using Perennial.Rolling.Rehearsals;
using Perennial.Rolling.Rolls;
using Perennial.Rolling.Sightings;
using Perennial.Server.Storage;
using Perennial.Server.Storage.Sql;

namespace Perennial.Storage.Tests.Suites;

/// <summary>The stores on one database that speaks SQL.</summary>
public abstract class SqlStores : Stores
{
    private readonly SqlDatabase _database;

    private protected SqlStores(Func<TimeProvider, SqlDatabase> open)
    {
        _database = open(Time);
        Enrollments = new EnrollmentStore(_database, Time);
        Registrations = new RegistrationStore(_database, Time);
        Sightings = new SightingStore(_database);
        CaCertificates = new CaCertificateStore(_database, Time);
        Operations = new OperationStore(_database);
    }

    public override IEnrollmentStore Enrollments { get; }

    public override IRegistrationStore Registrations { get; }

    public override ISightingStore Sightings { get; }

    public override IPresentedChains Chains => new PresentedChains(_database);

    public override IPresentedKeys PresentedKeys => new PresentedKeys(_database);

    public override IRollStore Rolls => new RollStore(_database, Time);

    public override IRehearsalStore Rehearsals => new RehearsalStore(_database, Time);

    public override IBlockStore Blocks => new BlockStore(_database, Time);

    public override IDrainStore Drains => new DrainStore(_database);

    public override IBreachStore Breaches => new BreachStore(_database);

    public override ICaCertificateStore CaCertificates { get; }

    public override IOperationStore Operations { get; }

    public override IIssuedLeafStore Leaves => new IssuedLeafStore(_database);

    public override IProfileStore Profiles => new ProfileStore(_database, Time);

    public override IIssuerStore Issuers => new IssuerStore(_database, Time);

    public override IIssuanceJournal Journal => new IssuanceJournal(_database);

    public override IRevocationStore Revocations => new RevocationStore(_database, Time);

    internal override IAssignmentStore Assignments => new AssignmentStore(Time);

    internal override IKnownIssuerStore KnownIssuers => new KnownIssuerStore(_database);

    internal override IPolicyLedger Policies => new PolicyLedger(_database, Time);

    internal override ILinkLedger Links => new LinkLedger(_database, Time);

    public override IJobStore Jobs(string hub) => new JobStore(_database, hub, Time);

    public override IDeviceStore Devices(string hub) => new DeviceStore(_database, hub, Time);

    public override ITwinStore Twins(string hub) => new TwinStore(_database, hub);

    public override ITwinScan Scan(string hub) => new TwinScan(_database, hub);

    public override ISubscriptionStore Subscriptions(string hub) => new SubscriptionStore(_database, hub);

    public override IDeviceboundStore Devicebound(string hub) => new DeviceboundStore(_database, hub);

    public override IFeedbackStore Feedback(string hub) => new FeedbackStore(_database, hub);

    public override async Task<ITelemetryFeed> OpenFeedAsync(string hub, FeedLimits limits) => await TelemetryFeed.OpenAsync(_database, hub, limits);

    internal ExpiryStore Expiry => new(_database);

    internal UserStore Users => new(_database, Time);

    internal SessionStore Sessions => new(_database, Time);

    internal FleetStore Fleet => new(_database);

    internal EnrollmentListStore EnrollmentList => new(_database, Time);

    internal RegistrationListStore RegistrationList => new(_database);

    internal Task<IReadOnlyList<SeenMember>> SeenMembersAsync(Roll roll, CancellationToken cancellationToken) => new RehearsalFleetRows(_database).ListAsync(roll, cancellationToken);

    internal RollListStore RollList => new(_database);

    internal RefusalListStore Refusals => new(_database);

    internal PresentedStore Presented => new(_database);

    internal EnrollmentUseStore EnrollmentUse => new(_database);

    /// <summary>Makes the enrollments look like those of a version that noted nothing for lists.</summary>
    internal Task ForgetListsAsync(CancellationToken cancellationToken) => _database.WriteAsync(
        session => session.Prepared("UPDATE enrollment SET enabled = NULL, attestation = NULL, state = NULL").ExecuteNonQuery(), cancellationToken);

    internal WebhookStore Webhooks => new(_database, Time);

    internal ExpiringDays ExpiringDays => new(_database, Issuers);

    internal AuditStore AuditTrail => new(_database);

    /// <summary>Changes the trail behind the product's back.</summary>
    internal Task TamperAsync(string sql, CancellationToken cancellationToken) =>
        _database.WriteAsync(session => session.Connection.Execute(sql), cancellationToken);

    internal Task WriteAuditAsync(string actor, string action, string subject, string? before, string? after, CancellationToken cancellationToken) =>
        _database.WriteAsync(
            session =>
            {
                AuditRow.Write(session, Time.GetUtcNow(), actor, action, subject, before, after);
                return true;
            },
            cancellationToken);

    /// <summary>Makes the certificates look like those of a version that noted no end.</summary>
    internal Task ForgetExpiryAsync(CancellationToken cancellationToken) => _database.WriteAsync(
        session => session.Prepared("UPDATE enrollment_certificate SET not_after = NULL").ExecuteNonQuery()
            + session.Prepared("UPDATE ca_certificate SET not_after = NULL").ExecuteNonQuery(),
        cancellationToken);

    public override IReadOnlyList<string> Audit() => Read("SELECT actor || ' ' || action || ' ' || subject FROM audit ORDER BY number");

    public override IReadOnlyList<string> AuditDetails() => Read("SELECT coalesce(before, '') || coalesce(after, '') FROM audit ORDER BY number");

    public override ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return _database.DisposeAsync();
    }

    private List<string> Read(string sql) =>
        _database.ReadAsync(session => session.Connection.Query<string>(sql).AsList(), CancellationToken.None).GetAwaiter().GetResult();
}
