namespace Perennial.Agent.Configuration;

/// <summary>How the hub is reached. Which hub, the provisioning service says.</summary>
internal sealed record HubConnectionSettings
{
    /// <summary>MQTT over TLS; 8883 when left out.</summary>
    public int Port { get; set; } = 8883;

    /// <summary>
    /// Whether <c>run</c> stays connected, so that desired properties arrive at once. When left out: yes, unless certificates are published, since then
    /// another program holds the device's one connection.
    /// </summary>
    public bool? StayConnected { get; init; }

    /// <summary>When it does not stay connected: hours between two short connections that fetch the desired properties; 0 for none.</summary>
    public int CheckHours { get; set; } = 12;
}
