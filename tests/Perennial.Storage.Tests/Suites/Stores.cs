using Microsoft.Extensions.Time.Testing;
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

namespace Perennial.Storage.Tests.Suites;

/// <summary>A fresh, empty database of one kind and the stores on it. A suite runs against every kind.</summary>
public abstract class Stores : IAsyncDisposable
{
    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public abstract IEnrollmentStore Enrollments { get; }

    public abstract IRegistrationStore Registrations { get; }

    public abstract ISightingStore Sightings { get; }

    public abstract IPresentedChains Chains { get; }

    public abstract IPresentedKeys PresentedKeys { get; }

    public abstract IRollStore Rolls { get; }

    public abstract IRehearsalStore Rehearsals { get; }

    public abstract IBlockStore Blocks { get; }

    public abstract IDrainStore Drains { get; }

    public abstract IBreachStore Breaches { get; }

    public abstract ICaCertificateStore CaCertificates { get; }

    public abstract IOperationStore Operations { get; }

    public abstract IIssuedLeafStore Leaves { get; }

    public abstract IProfileStore Profiles { get; }

    public abstract IIssuerStore Issuers { get; }

    public abstract IIssuanceJournal Journal { get; }

    public abstract IRevocationStore Revocations { get; }

    internal abstract IAssignmentStore Assignments { get; }

    internal abstract IKnownIssuerStore KnownIssuers { get; }

    internal abstract IPolicyLedger Policies { get; }

    internal abstract ILinkLedger Links { get; }

    public abstract IJobStore Jobs(string hub);

    public abstract IDeviceStore Devices(string hub);

    public abstract ITwinStore Twins(string hub);

    public abstract ITwinScan Scan(string hub);

    public abstract ISubscriptionStore Subscriptions(string hub);

    public abstract IDeviceboundStore Devicebound(string hub);

    public abstract IFeedbackStore Feedback(string hub);

    public abstract Task<ITelemetryFeed> OpenFeedAsync(string hub, FeedLimits limits);

    /// <summary>Who did what to which object, oldest first.</summary>
    public abstract IReadOnlyList<string> Audit();

    /// <summary>What objects were before and after, oldest first.</summary>
    public abstract IReadOnlyList<string> AuditDetails();

    public abstract ValueTask DisposeAsync();
}
