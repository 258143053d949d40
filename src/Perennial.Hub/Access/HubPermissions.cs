namespace Perennial.Hub.Access;

/// <summary>What a shared access policy allows (hub-protocol §4.10).</summary>
[Flags]
public enum HubPermissions
{
    None = 0,
    RegistryRead = 1,
    RegistryWrite = 2,
    ServiceConnect = 4,
    DeviceConnect = 8,
    All = RegistryRead | RegistryWrite | ServiceConnect | DeviceConnect,
}
