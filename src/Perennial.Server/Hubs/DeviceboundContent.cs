using System.Runtime.InteropServices;
using Perennial.Hub.Devicebound;
using Perennial.Protocol.Hub;
using DeviceId = Perennial.Hub.Devices.DeviceId;

namespace Perennial.Server.Hubs;

/// <summary>Messages to devices between the hub and the wire.</summary>
internal static class DeviceboundContent
{
    /// <summary>What goes along with the body, whichever transport carries it.</summary>
    public static MessageProperties PropertiesOf(DeviceboundMessage message)
    {
        var system = new Dictionary<string, string?>(message.SystemProperties, StringComparer.Ordinal)
        {
            [SystemProperty.MessageId.Name] = message.MessageId,
        };
        if (message.Feedback != RequestedFeedback.None)
        {
            system[SystemProperty.Ack.Name] = AckOf(message.Feedback);
        }

        return new MessageProperties(system, message.Properties);
    }

    /// <summary>The address of a queue, as it stands in <c>to</c>.</summary>
    public static string AddressOf(DeviceId id) => id.Module is { } module
        ? $"/devices/{Uri.EscapeDataString(id.Device)}/modules/{Uri.EscapeDataString(module)}/messages/devicebound"
        : $"/devices/{Uri.EscapeDataString(id.Device)}/messages/devicebound";

    /// <summary>Reads <c>iothub-ack</c>; a missing one asks for nothing.</summary>
    public static bool TryReadAck(string? text, out RequestedFeedback feedback)
    {
        (feedback, var isKnown) = text switch
        {
            null or "" or "none" => (RequestedFeedback.None, true),
            "positive" => (RequestedFeedback.Positive, true),
            "negative" => (RequestedFeedback.Negative, true),
            "full" => (RequestedFeedback.Full, true),
            _ => (RequestedFeedback.None, false),
        };
        return isKnown;
    }

    public static ArraySegment<byte> Segment(ReadOnlyMemory<byte> body) =>
        MemoryMarshal.TryGetArray(body, out var segment) ? segment : new ArraySegment<byte>(body.ToArray());

    private static string AckOf(RequestedFeedback feedback) => feedback switch
    {
        RequestedFeedback.Positive => "positive",
        RequestedFeedback.Negative => "negative",
        RequestedFeedback.Full => "full",
        _ => "none",
    };
}
