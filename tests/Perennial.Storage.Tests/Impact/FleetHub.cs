using Perennial.Hub.Access;
using Perennial.Hub.Devices;
using Perennial.Hub.Sessions;
using Perennial.Provisioning.Attestation;
using Perennial.Server.Hubs;
using Perennial.Storage.Tests.Suites;
using Perennial.X509;

namespace Perennial.Storage.Tests.Impact;

/// <summary>A hub of a fleet, with its own check, on one database.</summary>
internal sealed class FleetHub
{
    public static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    public static readonly ChainPolicy Policy = new(new ChainPolicyOptions { ClockSkew = Skew }, new SignatureCache());

    public static readonly TpmIdentityKeys TpmKeys = new(new byte[TpmIdentityKeys.SecretLength]);

    public static readonly DeviceAttestation Attestation = new(Policy, TpmKeys);

    private readonly ConnectionLedger _ledger;

    public FleetHub(Stores stores, string name, HubBehaviour behaviour, TrustedAuthorities? authorities = null)
    {
        Name = name;
        Devices = stores.Devices(name);
        _ledger = new ConnectionLedger(stores.Sightings, $"{name}.example");
        var authenticate = new AuthenticateDevice(
            Devices,
            new EnrollmentAttestation(stores.Enrollments, stores.Blocks, Attestation),
            new CheckToken(new AuthorizeCaller(AccessPolicies.Create(), stores.Time)),
            new CheckCertificate(Policy, authorities ?? TrustedAuthorities.None),
            behaviour,
            stores.Time);
        Checked = new CheckedHub($"{name}.example", Devices, authenticate, new SessionRegistry(stores.Time));
    }

    public string Name { get; }

    public IDeviceStore Devices { get; }

    public CheckedHub Checked { get; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>A device connects, and is seen.</summary>
    public async Task<DeviceVerdict> ConnectAsync(string id, PresentedCredential presented)
    {
        var verdict = await Checked.Authenticate.RunAsync(HubSamples.Id(id), presented, Stop);
        await _ledger.RecordAsync(verdict, Stop);
        return verdict;
    }

    /// <summary>What a device would be told at a time.</summary>
    public async Task<DeviceVerdict> TryAsync(string id, PresentedCredential presented, DateTimeOffset at)
    {
        var device = await Devices.FindAsync(HubSamples.Id(id), Stop);
        return await Checked.Authenticate.JudgeAsync(HubSamples.Id(id), device, device, presented, at, Stop);
    }
}
