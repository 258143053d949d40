namespace Perennial.Rolling.Fleet;

/// <summary>How a device stands with its certificates. The numbers are stored.</summary>
public enum DeviceState
{
    /// <summary>It connects, and nothing is to be done.</summary>
    Healthy = 0,

    /// <summary>A newer certificate is staged, and the device has not used it yet.</summary>
    Rolling = 1,

    /// <summary>Its certificate ends soon, and it has not gone over to another one.</summary>
    Overdue = 2,

    /// <summary>The certificate that it used last is over.</summary>
    Expired = 3,

    /// <summary>Its enrollment is disabled.</summary>
    Blocked = 4,

    /// <summary>It was never accepted.</summary>
    NeverSeen = 5,
}
