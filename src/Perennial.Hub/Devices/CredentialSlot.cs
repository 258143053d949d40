namespace Perennial.Hub.Devices;

/// <summary>One of the two credentials of a device identity or of its enrollment. Both are of equal rank.</summary>
public enum CredentialSlot
{
    Primary,
    Secondary,
}
