using Perennial.Hub.Access;
using Perennial.Hub.Devicebound;
using Perennial.Hub.Devices;
using Perennial.Hub.Messages;
using Perennial.Hub.Methods;
using Perennial.Hub.Registry;
using Perennial.Hub.Sessions;
using Perennial.Hub.Twins;
using Perennial.Server.Storage;
using Perennial.X509;

namespace Perennial.Server.Hubs;

/// <summary>One logical hub of this process, put together.</summary>
internal sealed class ServedHub : IDisposable
{
    public ServedHub(
        HubSettings settings,
        HubStores stores,
        IEnrollmentAttestation enrollments,
        IConnectionLedger ledger,
        KnownIssuers issuers,
        ChainPolicy policy,
        TimeProvider time)
    {
        Name = settings.Name;
        HostName = settings.HostName;
        Devices = stores.Devices;
        Twins = stores.Twins;
        Subscriptions = stores.Subscriptions;
        Feed = stores.Feed;
        Ledger = ledger;
        Issuers = issuers;
        Sessions = new SessionRegistry(time);
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
        Announce = new AnnounceModel(Twins);
        Devicebound = stores.Devicebound;
        Send = new SendToDevice(stores.Devicebound, Devices, Sessions, DeviceboundLimits.Default, time);
        Receive = new ReceiveMessages(stores.Devicebound, DeviceboundLimits.Default, time);
        Settle = new SettleMessage(stores.Devicebound, Sessions, DeviceboundLimits.Default, time);
        Purge = new PurgeMessages(stores.Devicebound, Devices, time);
        Sweep = new SweepMessages(stores.Devicebound, stores.Feedback, Sessions, DeviceboundLimits.Default, time);
        Feedback = new ReceiveFeedback(stores.Feedback, DeviceboundLimits.Default, time);
        Linked = new LocalHub(Name, HostName, settings.Weight, settings.Behaviour, Devices, stores.Assignments, Reconsider, time);
    }

    public string Name { get; }

    public string HostName { get; }

    public IDeviceStore Devices { get; }

    public ITwinStore Twins { get; }

    public ISubscriptionStore Subscriptions { get; }

    public ITelemetryFeed Feed { get; }

    public IConnectionLedger Ledger { get; }

    public KnownIssuers Issuers { get; }

    public SessionRegistry Sessions { get; }

    public AuthorizeCaller Callers { get; }

    public AuthenticateDevice Authenticate { get; }

    public ConnectDevice Connect { get; }

    public ReconsiderConnections Reconsider { get; }

    public CreateDevice Create { get; }

    public SaveDevice Save { get; }

    public DeleteDevice Delete { get; }

    public InvokeMethod Methods { get; }

    public UpdateTwin UpdateTwin { get; }

    public ReportProperties Report { get; }

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

    public void Dispose() => UpdateTwin.Dispose();
}
