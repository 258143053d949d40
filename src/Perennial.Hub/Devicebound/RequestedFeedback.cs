namespace Perennial.Hub.Devicebound;

/// <summary>Of which ends of a message its sender wants to be told: <c>iothub-ack</c>.</summary>
[Flags]
public enum RequestedFeedback
{
    None = 0,
    Positive = 1,
    Negative = 2,
    Full = Positive | Negative,
}
