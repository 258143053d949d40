using System.Security.Cryptography;
using Perennial.Hub.Access;
using Perennial.Server.Hubs;
using Perennial.Server.Instances;
using Perennial.Server.Storage;

namespace Perennial.Server.Policies;

/// <summary>The policies that a running server goes by. A change takes effect at once, on live connections too.</summary>
internal sealed class LivePolicies(ServicePolicies policies, IPolicyLedger ledger) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private volatile ServicePolicies _current = policies;

    public ServicePolicies Current => _current;

    /// <summary>The hub's policies, as the hub judges by them.</summary>
    public static IReadOnlyList<AccessPolicy> AccessOf(IReadOnlyList<ServicePolicy> policies) => [.. policies.Select(AccessOf)];

    /// <summary>Writes down what differs from the last time that a server looked.</summary>
    public Task RecordAsync(string actor) => ledger.RecordAsync(Prints(_current), actor, CancellationToken.None);

    /// <summary>Goes by these from now on, drops what they no longer let in, and writes the difference down.</summary>
    public async Task ApplyAsync(ServicePolicies next, ServedHubs hubs, string actor)
    {
        await _turn.WaitAsync();
        try
        {
            _current = next;
            foreach (var hub in hubs.All)
            {
                hub.Policies.Replace(AccessOf(next.Of(new PolicyScope(hub.Name)) ?? []));
                await hub.Reconsider.PoliciesAsync(CancellationToken.None);
            }

            await RecordAsync(actor);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private static List<PolicyPrint> Prints(ServicePolicies policies) =>
    [
        .. from scope in policies.Scopes
           from policy in policies.Of(scope)!
           select new PolicyPrint($"{scope}", policy.Name, $"{policy.Rights}", Print(policy.PrimaryKey), Print(policy.SecondaryKey)),
    ];

    private static string Print(string key) => Convert.ToHexString(SHA256.HashData(Convert.FromBase64String(key)));

    private static AccessPolicy AccessOf(ServicePolicy policy) => new(
        policy.Name, Convert.FromBase64String(policy.PrimaryKey), Convert.FromBase64String(policy.SecondaryKey), PermissionsOf(policy.Rights));

    private static HubPermissions PermissionsOf(ServiceRights rights)
    {
        (ServiceRights Right, HubPermissions Permission)[] table =
        [
            (ServiceRights.RegistryRead, HubPermissions.RegistryRead),
            (ServiceRights.RegistryWrite, HubPermissions.RegistryWrite),
            (ServiceRights.ServiceConnect, HubPermissions.ServiceConnect),
            (ServiceRights.DeviceConnect, HubPermissions.DeviceConnect),
        ];
        return table.Where(row => rights.HasFlag(row.Right)).Aggregate(HubPermissions.None, (sum, row) => sum | row.Permission);
    }
}
