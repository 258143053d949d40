namespace Perennial.Hub.Devicebound;

/// <summary>How a message to a device left its queue.</summary>
public enum MessageEnd
{
    /// <summary>The device completed it.</summary>
    Success,

    /// <summary>Its life was over.</summary>
    Expired,

    /// <summary>It came back too often.</summary>
    DeliveryCountExceeded,

    /// <summary>The device rejected it.</summary>
    Rejected,

    /// <summary>The queue was purged, or the device deleted.</summary>
    Purged,
}
