namespace Perennial.Protocol.Hub;

/// <summary>The filters a hub client may subscribe to. Source: hub-protocol §1.3.</summary>
public static class HubFilter
{
    /// <summary>Answers to twin requests.</summary>
    public const string TwinResponses = "$iothub/twin/res/#";

    /// <summary>Notifications of changed desired properties.</summary>
    public const string DesiredProperties = "$iothub/twin/PATCH/properties/desired/#";

    /// <summary>Direct methods.</summary>
    public const string Methods = "$iothub/methods/POST/#";

    /// <summary>Messages to a device.</summary>
    /// <param name="deviceId">The device.</param>
    /// <returns>The filter.</returns>
    public static string Messages(DeviceId deviceId) => $"devices/{deviceId}/messages/devicebound/#";

    /// <summary>Tells what a filter asks for.</summary>
    /// <param name="filter">The filter as received.</param>
    /// <param name="deviceId">The authenticated device.</param>
    /// <returns>What it asks for.</returns>
    public static HubSubscription Classify(string? filter, DeviceId deviceId) => filter switch
    {
        TwinResponses => HubSubscription.TwinResponses,
        DesiredProperties => HubSubscription.DesiredProperties,
        Methods => HubSubscription.Methods,
        not null when filter == Messages(deviceId) => HubSubscription.Messages,
        _ => HubSubscription.Foreign,
    };
}
