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
    /// <summary>What is counted when the provisioning service has refused everything that a device holds.</summary>
    public const string NoneIsValid = "no credential is valid";

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private readonly ProvisionDevice _provision =
        new(surroundings.Server, surroundings.ProvisioningHost, surroundings.IdScope, surroundings.Time);

    private ProvisioningAnswer.Assigned? _assignment;
    private bool _isUnauthorized;

    /// <summary>Tries until the hub accepts the device; every refusal and failure is counted.</summary>
    /// <param name="held">What it can show, one or the other in turn; looked at before each try.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<DeviceLink> RunAsync(Func<IReadOnlyList<DeviceCredential>> held, CancellationToken cancellationToken)
    {
        var (tries, unauthorized) = (0, 0);
        for (var wait = FirstWait; ;)
        {
            var knewHub = _assignment is not null;
            var credentials = held();
            try
            {
                if (await TryAsync(credentials[tries++ % credentials.Count], cancellationToken) is { } connection)
                {
                    return connection;
                }

                unauthorized = _isUnauthorized ? unauthorized + 1 : 0;
                if (unauthorized >= credentials.Count)
                {
                    surroundings.Refusals.Add(NoneIsValid);
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
                wait = Longer(wait);
            }
        }
    }

    /// <summary>
    /// Opens a connection with another certificate while the device has one, which the hub ends when it accepts this. Comes back after failures of the
    /// connection as long as it is worth it.
    /// </summary>
    /// <param name="next">What to show.</param>
    /// <param name="isWorthIt">Whether the connection so far still lives.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null when the hub refused it, or when it was not worth it any more.</returns>
    public async Task<DeviceLink?> TryNextAsync(DeviceCredential next, Func<bool> isWorthIt, CancellationToken cancellationToken)
    {
        for (var wait = FirstWait; _assignment is { } assignment && isWorthIt(); wait = Longer(wait))
        {
            try
            {
                var (connection, code) = await ConnectAsync(assignment, next, cancellationToken);
                if (connection is null)
                {
                    surroundings.Refusals.Add(string.Create(CultureInfo.InvariantCulture, $"new certificate: CONNACK {(int?)code}"));
                }

                if (connection is not null || code is not null)
                {
                    return connection;
                }
            }
            catch (Exception fault) when (IsOfConnection(fault, cancellationToken))
            {
                surroundings.Refusals.Add($"connection: {fault.GetType().Name}");
            }

            await Task.Delay(wait, surroundings.Time, cancellationToken);
        }

        return null;
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

    private static TimeSpan Longer(TimeSpan wait) => wait * 2 < LongestWait ? wait * 2 : LongestWait;

    private static bool IsOfConnection(Exception fault, CancellationToken cancellationToken) =>
        fault is IOException or SocketException or AuthenticationException or MqttProtocolException
        || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private static string UserNameOf(ProvisioningAnswer.Assigned assignment) =>
        HubUserName.Format(assignment.HubHostName, DeviceId.Parse(assignment.DeviceId, CultureInfo.InvariantCulture), SandboxDevice.ClientType);

    private async Task<DeviceLink?> TryAsync(DeviceCredential credential, CancellationToken cancellationToken)
    {
        _isUnauthorized = false;
        if (_assignment is null && await AskAsync(credential, cancellationToken) is { } reason)
        {
            surroundings.Refusals.Add(reason);
            return null;
        }

        var (connection, code) = await ConnectAsync(_assignment!, credential, cancellationToken);
        if (connection is null)
        {
            Refused(code);
        }

        return connection;
    }

    private async Task<(DeviceLink? Connection, MqttConnectReturnCode? Code)> ConnectAsync(
        ProvisioningAnswer.Assigned assignment, DeviceCredential credential, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(DeviceLink.Patience, surroundings.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        var connection = await DeviceLink.OpenAsync(
            surroundings.Server, assignment.HubHostName, credential, surroundings.Time, both.Token);
        MqttConnectReturnCode? code = null;
        try
        {
            code = await connection.ConnectAsync(assignment.DeviceId, UserNameOf(assignment), cleanSession: false, both.Token);
        }
        finally
        {
            if (code != MqttConnectReturnCode.ConnectionAccepted)
            {
                await connection.DisposeAsync();
            }
        }

        return (code == MqttConnectReturnCode.ConnectionAccepted ? connection : null, code);
    }

    /// <summary>Null when assigned, otherwise why not.</summary>
    private async Task<string?> AskAsync(DeviceCredential credential, CancellationToken cancellationToken)
    {
        var answer = await _provision.RunAsync(registrationId, credential, cancellationToken);
        _assignment = answer as ProvisioningAnswer.Assigned;
        _isUnauthorized = answer is ProvisioningAnswer.Refused { IsUnauthorized: true };
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
