using Perennial.X509;

namespace Perennial.Server.Connections;

/// <summary>The refusals of connections, before anything is said of a credential; each has a page <c>docs/refusals/{number}.md</c>.</summary>
internal static class ConnectionRefusals
{
    public static RefusalReason UnknownIdScope { get; } = new(
        1001,
        "unknown-id-scope",
        "The device names an id scope that is not this instance's.",
        "Give the device the id scope that 'perennial info' shows.");

    public static RefusalReason NoCredential { get; } = new(
        1002,
        "no-credential",
        "The device announced itself with neither a client certificate nor a token.",
        "Give the device its certificate and key, or the symmetric key that its enrollment holds or derives for it.");

    public static RefusalReason MalformedUserName { get; } = new(
        1003,
        "malformed-user-name",
        "The MQTT user name is neither one of the provisioning service nor one of a hub.",
        "Use an Azure IoT device client, or the user name '{idScope}/registrations/{registrationId}/api-version=2019-03-31'.");

    public static RefusalReason ClientIdMismatch { get; } = new(
        1004,
        "client-id-mismatch",
        "The MQTT client id is not the registration id of the user name.",
        "Connect with the registration id as client id.");

    public static RefusalReason ProtocolBroken { get; } = new(
        1005,
        "mqtt-protocol-broken",
        "The peer sent what MQTT 3.1.1 or the bounds of this server forbid.",
        "Speak MQTT 3.1.1, and keep messages within 256 KB; the log line says what was wrong.");

    public static RefusalReason ConnectTooLate { get; } = new(
        1006,
        "connect-too-late",
        "The peer completed the TLS handshake and then sent no MQTT CONNECT in time.",
        "Send CONNECT at once after the handshake; a slow link that needs more than ten seconds for it cannot be served.");

    public static RefusalReason AmqpBroken { get; } = new(
        1010,
        "amqp-protocol-broken",
        "The peer sent what AMQP 1.0 or the bounds of this server forbid.",
        "Speak AMQP 1.0, and keep messages within 256 KB; the log line says what was wrong.");

    public static RefusalReason AmqpTooLate { get; } = new(
        1011,
        "amqp-open-too-late",
        "The peer completed the TLS handshake and then did not open an AMQP connection in time.",
        "Send the protocol header and open at once after the handshake; a slow link that needs more than fifteen seconds for it cannot be served.");

    /// <summary>Every reason above.</summary>
    public static IReadOnlyList<RefusalReason> All { get; } =
        [UnknownIdScope, NoCredential, MalformedUserName, ClientIdMismatch, ProtocolBroken, ConnectTooLate, AmqpBroken, AmqpTooLate];
}
