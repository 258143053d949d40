using System.Text.Json.Serialization;

namespace Perennial.Server.Instances;

/// <summary>What a policy allows (dps-protocol §7.1, hub-protocol §4.10).</summary>
[Flags]
[JsonConverter(typeof(JsonStringEnumConverter<ServiceRights>))]
internal enum ServiceRights
{
    None = 0,
    ServiceConfig = 1,
    EnrollmentRead = 2,
    EnrollmentWrite = 4,
    RegistrationStatusRead = 8,
    RegistrationStatusWrite = 16,
    RegistryRead = 32,
    RegistryWrite = 64,
    ServiceConnect = 128,
    DeviceConnect = 256,
    Provisioning = ServiceConfig | EnrollmentRead | EnrollmentWrite | RegistrationStatusRead | RegistrationStatusWrite,
    Hub = RegistryRead | RegistryWrite | ServiceConnect | DeviceConnect,
}
