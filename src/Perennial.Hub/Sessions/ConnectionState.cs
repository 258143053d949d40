namespace Perennial.Hub.Sessions;

/// <summary>Whether a device is connected, as far as this process knows; times are null when it never was.</summary>
public sealed record ConnectionState(bool IsConnected, DateTimeOffset? Updated, DateTimeOffset? LastActivity)
{
    public static ConnectionState Never { get; } = new(false, null, null);
}
