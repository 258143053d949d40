namespace Perennial.Server.Instances;

/// <summary>Whose policies: those of the provisioning service, or those of one hub.</summary>
/// <param name="Hub">The hub's name; null for the provisioning service.</param>
internal sealed record PolicyScope(string? Hub)
{
    public static PolicyScope Provisioning { get; } = new((string?)null);

    /// <summary>Every right that there is here.</summary>
    public ServiceRights All => Hub is null ? ServiceRights.Provisioning : ServiceRights.Hub;

    public override string ToString() => Hub is null ? "the provisioning service" : $"hub '{Hub}'";
}
