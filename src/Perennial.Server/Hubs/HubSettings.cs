using Perennial.Hub.Access;
using Perennial.Hub.Sessions;
using Perennial.Server.Limits;

namespace Perennial.Server.Hubs;

/// <summary>What makes one logical hub.</summary>
internal sealed record HubSettings
{
    /// <summary>By which storage and paths know it.</summary>
    public required string Name { get; init; }

    /// <summary>By which devices and back ends reach it; compared without case.</summary>
    public required string HostName { get; init; }

    /// <summary>Share in hashed allocation, 1 to 1,000.</summary>
    public int Weight { get; init; } = 1;

    public HubBehaviour Behaviour { get; init; }

    public HubLimits Limits { get; init; } = HubLimits.None;

    public required AccessPolicies Policies { get; init; }

    /// <summary>Authorities of devices in authority mode.</summary>
    public TrustedAuthorities Authorities { get; init; } = TrustedAuthorities.None;
}
