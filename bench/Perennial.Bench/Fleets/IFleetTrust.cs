using Perennial.Server.Sandbox.Fleet;
using Perennial.Server.Sandbox.Operator;

namespace Perennial.Bench.Fleets;

/// <summary>The certificates of a fleet, and how they are enrolled and staged.</summary>
internal interface IFleetTrust : IDisposable
{
    /// <summary>What a roll of it is asked for by: the members of the request beside its plan.</summary>
    Dictionary<string, object> Request { get; }

    /// <summary>Enrolls the devices with what they begin with.</summary>
    Task EnrollAsync(FleetOperator @operator, CancellationToken cancellationToken);

    /// <summary>Puts the new certificates beside the old ones; may be run again.</summary>
    /// <param name="operator">Acts through the service API.</param>
    /// <param name="staged">Called after each one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task StageAsync(FleetOperator @operator, Action staged, CancellationToken cancellationToken);

    /// <summary>What the devices begin with, in their order; asked for once they are enrolled.</summary>
    ValueTask<IReadOnlyList<DeviceCredential>> FirstAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken);

    /// <summary>What the device obtains when it is told to roll.</summary>
    ValueTask<DeviceCredential> NextAsync(SandboxDevice device, CancellationToken cancellationToken);

    /// <summary>What nobody enrolled, with the name of the device.</summary>
    DeviceCredential Stranger(string id);
}
