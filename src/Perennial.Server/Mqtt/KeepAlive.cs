namespace Perennial.Server.Mqtt;

/// <summary>How long a device may be silent (hub-protocol §1.9).</summary>
internal static class KeepAlive
{
    /// <summary>The longest silence, whatever the device asked for.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(1767);

    /// <param name="seconds">The keep-alive of CONNECT; 0 asks for none.</param>
    public static TimeSpan Limit(ushort seconds)
    {
        var asked = TimeSpan.FromSeconds(seconds * 1.5);
        return seconds == 0 || asked > Longest ? Longest : asked;
    }
}
