namespace Perennial.Provisioning.Registrations;

/// <summary>How an assignment came about (dps-protocol §6.1).</summary>
public enum RegistrationSubstatus
{
    InitialAssignment,
    DeviceDataMigrated,
    DeviceDataReset,
    ReprovisionedToInitialAssignment,
}
