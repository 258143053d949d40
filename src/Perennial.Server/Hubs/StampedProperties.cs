using Perennial.Hub.Messages;
using Perennial.Protocol.Hub;
using TelemetryMessage = Perennial.Hub.Messages.TelemetryMessage;

namespace Perennial.Server.Hubs;

/// <summary>What the hub itself says of a message, by the names of the wire (hub-protocol §1.10); the time of storing is left to the reader's form.</summary>
internal static class StampedProperties
{
    public static IEnumerable<KeyValuePair<string, string>> Of(TelemetryMessage message)
    {
        yield return new(StampedProperty.ConnectionDeviceId, message.Device.Device);
        if (message.Device.Module is { } module)
        {
            yield return new(StampedProperty.ConnectionModuleId, module);
        }

        yield return new(StampedProperty.ConnectionGenerationId, message.Generation);
        yield return new(StampedProperty.ConnectionAuthMethod, AuthMethod(message.Authentication));
        yield return new(StampedProperty.MessageSource, StampedProperty.TelemetrySource);
    }

    private static string AuthMethod(AuthenticationMethod method) =>
        $$"""{"scope":"{{method.Scope}}","type":"{{method.Type}}","issuer":"{{method.Issuer}}"}""";
}
