namespace Perennial.Provisioning.Registrations;

/// <summary>The end of a registration (dps-protocol §0).</summary>
public enum RegistrationStatus
{
    Assigned,
    Failed,
    Disabled,
}
