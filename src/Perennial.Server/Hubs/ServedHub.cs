using Perennial.Hub.Access;
using Perennial.Hub.Credentials;
using Perennial.Hub.Devicebound;
using Perennial.Hub.Devices;
using Perennial.Hub.Jobs;
using Perennial.Hub.Messages;
using Perennial.Hub.Methods;
using Perennial.Hub.Queries;
using Perennial.Hub.Registry;
using Perennial.Hub.Sessions;
using Perennial.Hub.Twins;
using Perennial.Server.Limits;
using Perennial.Server.Storage;
using Perennial.X509;

namespace Perennial.Server.Hubs;

/// <summary>One logical hub of this process, put together.</summary>
internal sealed class ServedHub : IDisposable
{
    private readonly JobBell _bell = new();
    private readonly IJobMethod _methods;

    public ServedHub(
        HubSettings settings,
        HubStores stores,
        IEnrollmentAttestation enrollments,
        IConnectionLedger ledger,
        RequestCertificate certificates,
        KnownIssuers issuers,
        ChainPolicy policy,
        TimeProvider time)
    {
        Name = settings.Name;
        HostName = settings.HostName;
        Behaviour = settings.Behaviour;
        Devices = stores.Devices;
        Twins = stores.Twins;
        Subscriptions = stores.Subscriptions;
        Feed = stores.Feed;
        Ledger = ledger;
        Certificates = certificates;
        Issuers = issuers;
        Limits = settings.Limits.ToThrottle(Name, time);
        Sessions = new SessionRegistry(time);
        Policies = settings.Policies;
        Callers = new AuthorizeCaller(settings.Policies, time);
        Authenticate = new AuthenticateDevice(
            Devices, enrollments, new CheckToken(Callers), new CheckCertificate(policy, settings.Authorities), settings.Behaviour, time);
        Connect = new ConnectDevice(Authenticate, Sessions, ledger);
        Reconsider = new ReconsiderConnections(Sessions, Authenticate, ledger);
        Create = new CreateDevice(Devices, time);
        Save = new SaveDevice(Devices, Reconsider, time);
        Delete = new DeleteDevice(Devices, Sessions);
        Methods = new InvokeMethod(Devices, Sessions, time);
        UpdateTwin = new UpdateTwin(Twins, Sessions, time);
        Report = new ReportProperties(Twins, time);
        Rolls = new TakeRollReport(stores.Rolls);
        Announce = new AnnounceModel(Twins);
        Devicebound = stores.Devicebound;
        Send = new SendToDevice(stores.Devicebound, Devices, Sessions, DeviceboundLimits.Default, time);
        Receive = new ReceiveMessages(stores.Devicebound, DeviceboundLimits.Default, time);
        Settle = new SettleMessage(stores.Devicebound, Sessions, DeviceboundLimits.Default, time);
        Purge = new PurgeMessages(stores.Devicebound, Devices, time);
        Sweep = new SweepMessages(stores.Devicebound, stores.Feedback, Sessions, DeviceboundLimits.Default, time);
        Feedback = new ReceiveFeedback(stores.Feedback, DeviceboundLimits.Default, time);
        var twinRows = new QueryTwins(stores.Scan, Devices, Devicebound, Sessions);
        Query = new RunQuery(new Dictionary<QuerySource, IQueryRows>
        {
            [QuerySource.Devices] = twinRows,
            [QuerySource.Modules] = twinRows,
            [QuerySource.Jobs] = new QueryJobs(stores.Jobs),
        });
        Jobs = stores.Jobs;
        _methods = new JobMethods(Methods);
        ScheduleJob = new ScheduleJob(Jobs, _methods, _bell, time);
        CancelJob = new CancelJob(Jobs, time);
        Linked = new LocalHub(Name, HostName, settings.Weight, settings.Behaviour, Devices, Twins, stores.Assignments, Reconsider, time);
    }

    public string Name { get; }

    public string HostName { get; }

    public HubBehaviour Behaviour { get; }

    public IDeviceStore Devices { get; }

    public ITwinStore Twins { get; }

    public ISubscriptionStore Subscriptions { get; }

    public ITelemetryFeed Feed { get; }

    public IConnectionLedger Ledger { get; }

    public RequestCertificate Certificates { get; }

    public KnownIssuers Issuers { get; }

    public Throttle<HubOperation> Limits { get; }

    public SessionRegistry Sessions { get; }

    public AccessPolicies Policies { get; }

    public AuthorizeCaller Callers { get; }

    public AuthenticateDevice Authenticate { get; }

    public ConnectDevice Connect { get; }

    public ReconsiderConnections Reconsider { get; }

    public CreateDevice Create { get; }

    public SaveDevice Save { get; }

    public DeleteDevice Delete { get; }

    public InvokeMethod Methods { get; }

    public UpdateTwin UpdateTwin { get; }

    public RunQuery Query { get; }

    public IJobStore Jobs { get; }

    public ScheduleJob ScheduleJob { get; }

    public CancelJob CancelJob { get; }

    public ReportProperties Report { get; }

    /// <summary>Takes up what devices report of their rolls.</summary>
    public TakeRollReport Rolls { get; }

    public AnnounceModel Announce { get; }

    public IDeviceboundStore Devicebound { get; }

    public SendToDevice Send { get; }

    public ReceiveMessages Receive { get; }

    public SettleMessage Settle { get; }

    public PurgeMessages Purge { get; }

    public SweepMessages Sweep { get; }

    public ReceiveFeedback Feedback { get; }

    /// <summary>The hub as provisioning sees it.</summary>
    public LocalHub Linked { get; }

    /// <summary>What runs the hub's jobs.</summary>
    /// <param name="failed">Told why jobs could not go on.</param>
    /// <param name="time">The clock.</param>
    public RunOpenJobs OpenJobs(Action<Exception> failed, TimeProvider time) =>
        new(Jobs, new RunJob(Jobs, Query, UpdateTwin, _methods, time), _bell, failed, time);

    public void Dispose()
    {
        Certificates.Dispose();
        _bell.Dispose();
        UpdateTwin.Dispose();
        Query.Dispose();
    }
}
