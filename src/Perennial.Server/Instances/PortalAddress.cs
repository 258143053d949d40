namespace Perennial.Server.Instances;

/// <summary>Addresses of the portal as browsers reach it.</summary>
internal static class PortalAddress
{
    /// <param name="instance">What serves it.</param>
    /// <param name="path">A path of the portal.</param>
    /// <param name="token">A one-time token to hand over; null for none.</param>
    public static Uri Of(InstanceDocument instance, string path = "/", string? token = null) =>
        new(instance.Portal.Url ?? new Uri($"http://{instance.Host}:{instance.Ports.Portal}"), token is null ? path : $"{path}?token={token}");
}
