namespace Perennial.Server.Portal.Settings;

/// <summary>What the page of access policies shows.</summary>
public sealed record PoliciesModel
{
    public required IReadOnlyList<PolicyScopeLine> Scopes { get; init; }

    public bool MayChange { get; init; }

    /// <summary>Keys that were asked for; null shows none.</summary>
    public KeysModel? Keys { get; init; }

    public string? Done { get; init; }

    public string? Fault { get; init; }
}
