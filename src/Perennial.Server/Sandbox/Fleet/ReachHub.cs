using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using MQTTnet.Protocol;
using Perennial.Protocol.Hub;
using Perennial.Server.Mqtt;

namespace Perennial.Server.Sandbox.Fleet;

/// <summary>One device's way to its hub: asks the provisioning service when it knows no hub, or when its hub has called it unauthorized.</summary>
internal sealed class ReachHub(string registrationId, FleetSurroundings surroundings)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private readonly ProvisionDevice _provision =
        new(surroundings.Server, surroundings.ProvisioningHost, surroundings.IdScope, surroundings.Time);

    private ProvisioningAnswer.Assigned? _assignment;

    /// <summary>Tries until the hub accepts the device; every refusal and failure is counted.</summary>
    /// <param name="credential">What to show; looked at before each try.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<DeviceLink> RunAsync(Func<DeviceCredential> credential, CancellationToken cancellationToken)
    {
        for (var wait = FirstWait; ;)
        {
            var knewHub = _assignment is not null;
            try
            {
                if (await TryAsync(credential(), cancellationToken) is { } connection)
                {
                    return connection;
                }
            }
            catch (Exception fault) when (IsOfConnection(fault, cancellationToken))
            {
                surroundings.Refusals.Add($"connection: {fault.GetType().Name}");
            }

            // Unauthorized: to the provisioning service at once.
            if (!knewHub || _assignment is not null)
            {
                await Task.Delay(wait, surroundings.Time, cancellationToken);
                wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
            }
        }
    }

    /// <summary>Whether the hub accepts this certificate now; connects, and leaves at once. For probing.</summary>
    public static async Task<MqttConnectReturnCode?> ProbeAsync(
        ProvisioningAnswer.Assigned assignment, DeviceCredential credential, FleetSurroundings surroundings, CancellationToken cancellationToken)
    {
        await using var connection = await DeviceLink.OpenAsync(
            surroundings.Server, assignment.HubHostName, credential, surroundings.Time, cancellationToken);
        var code = await connection.ConnectAsync(assignment.DeviceId, UserNameOf(assignment), cleanSession: false, cancellationToken);
        await connection.DisconnectAsync();
        return code;
    }

    private static bool IsOfConnection(Exception fault, CancellationToken cancellationToken) =>
        fault is IOException or SocketException or AuthenticationException or MqttProtocolException
        || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private static string UserNameOf(ProvisioningAnswer.Assigned assignment) =>
        HubUserName.Format(assignment.HubHostName, DeviceId.Parse(assignment.DeviceId, CultureInfo.InvariantCulture), SandboxDevice.ClientType);

    private async Task<DeviceLink?> TryAsync(DeviceCredential credential, CancellationToken cancellationToken)
    {
        if (_assignment is null && await AskAsync(credential, cancellationToken) is { } reason)
        {
            surroundings.Refusals.Add(reason);
            return null;
        }

        using var patience = new CancellationTokenSource(DeviceLink.Patience, surroundings.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        var assignment = _assignment!;
        var connection = await DeviceLink.OpenAsync(
            surroundings.Server, assignment.HubHostName, credential, surroundings.Time, both.Token);
        MqttConnectReturnCode? code = null;
        try
        {
            code = await connection.ConnectAsync(assignment.DeviceId, UserNameOf(assignment), cleanSession: false, both.Token);
            if (code == MqttConnectReturnCode.ConnectionAccepted)
            {
                return connection;
            }
        }
        finally
        {
            if (code != MqttConnectReturnCode.ConnectionAccepted)
            {
                await connection.DisposeAsync();
            }
        }

        Refused(code);
        return null;
    }

    /// <summary>Null when assigned, otherwise why not.</summary>
    private async Task<string?> AskAsync(DeviceCredential credential, CancellationToken cancellationToken)
    {
        var answer = await _provision.RunAsync(registrationId, credential, cancellationToken);
        _assignment = answer as ProvisioningAnswer.Assigned;
        return (answer as ProvisioningAnswer.Refused)?.Reason;
    }

    private void Refused(MqttConnectReturnCode? code)
    {
        if (code is MqttConnectReturnCode.ConnectionRefusedNotAuthorized or MqttConnectReturnCode.ConnectionRefusedBadUsernameOrPassword)
        {
            surroundings.Refusals.Add("hub: unauthorized");
            _assignment = null;
            return;
        }

        surroundings.Refusals.Add(code is { } given
            ? string.Create(CultureInfo.InvariantCulture, $"hub: CONNACK {(int)given}")
            : "hub: closed without an answer");
    }
}
