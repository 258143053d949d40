using System.Security.Cryptography;

namespace Perennial.Hub.Access;

/// <summary>The shared access policies of one hub. They may be replaced while the hub runs; each check sees the ones of its moment.</summary>
public sealed class AccessPolicies(IReadOnlyList<AccessPolicy> policies)
{
    private const int KeyLength = 32;

    private volatile IReadOnlyList<AccessPolicy> _all = policies;

    /// <summary>Raised after the policies were replaced. What was let in by one of them is then checked again.</summary>
    public event Action? Replaced;

    /// <summary>The five policies that every hub starts with.</summary>
    public static IReadOnlyList<(string Name, HubPermissions Permissions)> BuiltIn { get; } =
    [
        ("iothubowner", HubPermissions.All),
        ("service", HubPermissions.ServiceConnect),
        ("device", HubPermissions.DeviceConnect),
        ("registryRead", HubPermissions.RegistryRead),
        ("registryReadWrite", HubPermissions.RegistryRead | HubPermissions.RegistryWrite),
    ];

    public IReadOnlyList<AccessPolicy> All => _all;

    /// <summary>The built-in policies with new keys.</summary>
    public static AccessPolicies Create() =>
        new([.. BuiltIn.Select(policy => new AccessPolicy(policy.Name, NewKey(), NewKey(), policy.Permissions))]);

    /// <summary>The policy of exactly this name, or null.</summary>
    public AccessPolicy? Find(string name) => _all.FirstOrDefault(policy => string.Equals(policy.Name, name, StringComparison.Ordinal));

    public void Replace(IReadOnlyList<AccessPolicy> policies)
    {
        _all = policies;
        Replaced?.Invoke();
    }

    private static byte[] NewKey() => RandomNumberGenerator.GetBytes(KeyLength);
}
