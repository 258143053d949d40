namespace Perennial.Server.Amqp.Devices;

/// <summary>What a link of a device is for (hub-protocol §3.3).</summary>
internal enum DeviceChannel
{
    /// <summary>What the device sends; modules also receive their inputs at this address.</summary>
    Events,

    /// <summary>Messages to the device.</summary>
    Devicebound,

    /// <summary>Direct methods: requests one way, responses the other.</summary>
    Methods,

    /// <summary>The twin: requests one way, answers and notices the other.</summary>
    Twin,
}
