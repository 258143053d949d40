using Perennial.Agent.Credentials;

namespace Perennial.Agent.Connections;

/// <summary>What the provisioning service answers.</summary>
/// <param name="Hub">The host name of the hub.</param>
/// <param name="DeviceId">The name of the device there.</param>
/// <param name="Chain">The issued certificates, base64 DER, leaf first; null when none was asked for, or none is issued to this enrollment.</param>
/// <param name="Window">When to roll; null when the service does not say.</param>
internal sealed record Assignment(string Hub, string DeviceId, IReadOnlyList<string>? Chain, RollWindow? Window);
