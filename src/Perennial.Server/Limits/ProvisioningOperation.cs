namespace Perennial.Server.Limits;

/// <summary>What is limited on the provisioning service (dps-protocol §11). Registering and polling are limited apart.</summary>
internal enum ProvisioningOperation
{
    Register,

    /// <summary>Each device for itself.</summary>
    Poll,
    Service,
}
