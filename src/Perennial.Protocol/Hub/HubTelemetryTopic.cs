namespace Perennial.Protocol.Hub;

/// <summary>The events topics of devices and modules, with and without the last slash.</summary>
internal static class HubTelemetryTopic
{
    private const string DevicePrefix = "devices/";
    private const string ModuleSegment = "modules/";
    private const string Events = "messages/events";

    public static HubTopic.Telemetry? Read(string text)
    {
        if (!text.StartsWith(DevicePrefix, StringComparison.Ordinal))
        {
            return null;
        }

        var rest = text.AsSpan(DevicePrefix.Length);
        if (!TryTakeId(ref rest, out var deviceId))
        {
            return null;
        }

        DeviceId? moduleId = null;
        if (rest.StartsWith(ModuleSegment, StringComparison.Ordinal))
        {
            rest = rest[ModuleSegment.Length..];
            if (!TryTakeId(ref rest, out moduleId))
            {
                return null;
            }
        }

        if (!rest.StartsWith(Events, StringComparison.Ordinal))
        {
            return null;
        }

        rest = rest[Events.Length..];
        if (!rest.IsEmpty && rest[0] != '/')
        {
            return null;
        }

        return PropertyBag.TryParse(rest.IsEmpty ? rest : rest[1..], out var properties)
            ? new HubTopic.Telemetry(deviceId!, moduleId?.Value, properties)
            : null;
    }

    public static string Format(HubTopic.Telemetry topic)
    {
        var device = topic.ModuleId is null ? $"{DevicePrefix}{topic.DeviceId}" : $"{DevicePrefix}{topic.DeviceId}/{ModuleSegment}{topic.ModuleId}";
        return $"{device}/{Events}/{PropertyBag.Format(topic.Properties)}";
    }

    private static bool TryTakeId(ref ReadOnlySpan<char> rest, out DeviceId? id)
    {
        var slash = rest.IndexOf('/');
        id = null;
        if (slash is <= 0 or > DeviceId.MaxLength || !DeviceId.TryParse(rest[..slash].ToString(), out id))
        {
            return false;
        }

        rest = rest[(slash + 1)..];
        return true;
    }
}
