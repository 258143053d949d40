using Perennial.Rolling.Fleet;

namespace Perennial.Server.Portal.Layout;

/// <summary>States of devices in words and colors.</summary>
public static class StateWords
{
    /// <summary>The states in the order in which they are shown.</summary>
    public static IReadOnlyList<DeviceState> All { get; } =
        [DeviceState.Healthy, DeviceState.Rolling, DeviceState.Overdue, DeviceState.Expired, DeviceState.Blocked, DeviceState.NeverSeen];

    public static string NameOf(DeviceState state) => state == DeviceState.NeverSeen ? "Never seen" : state.ToString();

    public static string ToneOf(DeviceState state) => state switch
    {
        DeviceState.Healthy => "good",
        DeviceState.Rolling => "info",
        DeviceState.Overdue => "warn",
        DeviceState.Expired => "bad",
        _ => string.Empty,
    };

    public static string MeaningOf(DeviceState state) => state switch
    {
        DeviceState.Healthy => "Nothing is to be done.",
        DeviceState.Rolling => "A newer certificate is staged; the device has not used it yet.",
        DeviceState.Overdue => "The certificate in use ends within 14 days, and the device has not moved on.",
        DeviceState.Expired => "The certificate that was used last is over.",
        DeviceState.Blocked => "The enrollment is disabled.",
        _ => "Enrolled, but never accepted yet.",
    };
}
