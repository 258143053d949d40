namespace Perennial.Server.Notices;

/// <summary>How a delivery stands. The numbers are stored.</summary>
internal enum DeliveryState
{
    Waiting = 0,

    Delivered = 1,

    /// <summary>Every try failed, or the webhook went.</summary>
    GivenUp = 2,
}
