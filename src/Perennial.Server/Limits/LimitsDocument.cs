namespace Perennial.Server.Limits;

/// <summary>The member <c>limits</c> of <c>instance.json</c>.</summary>
internal sealed record LimitsDocument
{
    public ProvisioningLimits? Provisioning { get; init; }

    /// <summary>Of each hub for itself.</summary>
    public HubLimits? Hub { get; init; }
}
