using Perennial.Rolling.Sightings;
using Perennial.Server.Portal.Layout;

namespace Perennial.Server.Portal.Registrations;

/// <summary>The paths of a device's page and of what is done there.</summary>
public static class DevicePaths
{
    public const string Pattern = PortalNavigation.Registrations + "/{id}";

    public static string Of(string device) => $"{PortalNavigation.Registrations}/{Uri.EscapeDataString(device)}";

    /// <summary>Where a refusal of a device is explained.</summary>
    public static string Refusal(SightingRecord refusal)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        return FormattableString.Invariant($"{PortalNavigation.Refusals}/of/{refusal.At.UtcTicks}/{Uri.EscapeDataString(refusal.Device)}");
    }
}
