namespace Perennial.Server.Sandbox.Fleet;

/// <summary>How the provisioning service answered a device.</summary>
internal abstract record ProvisioningAnswer
{
    private ProvisioningAnswer()
    {
    }

    public sealed record Assigned(string HubHostName, string DeviceId) : ProvisioningAnswer;

    /// <param name="Reason">Short enough to be counted by.</param>
    /// <param name="IsUnauthorized">Whether it was the credential that was refused.</param>
    public sealed record Refused(string Reason, bool IsUnauthorized) : ProvisioningAnswer;
}
