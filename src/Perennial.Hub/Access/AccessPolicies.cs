using System.Security.Cryptography;

namespace Perennial.Hub.Access;

/// <summary>The shared access policies of one hub.</summary>
public sealed class AccessPolicies(IReadOnlyList<AccessPolicy> policies)
{
    private const int KeyLength = 32;

    /// <summary>The five policies that every hub starts with.</summary>
    public static IReadOnlyList<(string Name, HubPermissions Permissions)> BuiltIn { get; } =
    [
        ("iothubowner", HubPermissions.All),
        ("service", HubPermissions.ServiceConnect),
        ("device", HubPermissions.DeviceConnect),
        ("registryRead", HubPermissions.RegistryRead),
        ("registryReadWrite", HubPermissions.RegistryRead | HubPermissions.RegistryWrite),
    ];

    public IReadOnlyList<AccessPolicy> All { get; } = policies;

    /// <summary>The built-in policies with new keys.</summary>
    public static AccessPolicies Create() =>
        new([.. BuiltIn.Select(policy => new AccessPolicy(policy.Name, NewKey(), NewKey(), policy.Permissions))]);

    /// <summary>The policy of exactly this name, or null.</summary>
    public AccessPolicy? Find(string name) => All.FirstOrDefault(policy => string.Equals(policy.Name, name, StringComparison.Ordinal));

    private static byte[] NewKey() => RandomNumberGenerator.GetBytes(KeyLength);
}
