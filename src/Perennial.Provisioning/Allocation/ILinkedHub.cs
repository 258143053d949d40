using Perennial.Provisioning.Enrollments;

namespace Perennial.Provisioning.Allocation;

/// <summary>The only way from provisioning to a hub: the one in this process, or any hub's registry REST API.</summary>
public interface ILinkedHub
{
    string HostName { get; }

    /// <summary>
    /// True for a hub outside this process. It takes part in no transaction: what it is asked is done when the call returns. Each call may
    /// throw <see cref="HubUnreachableException"/> or <see cref="HubRefusedException"/>.
    /// </summary>
    bool IsRemote { get; }

    /// <summary>True when the identity exists and already holds what the assignment asks for.</summary>
    Task<bool> HoldsAsync(HubAssignment assignment, CancellationToken cancellationToken);

    Task<bool> ExistsAsync(string deviceId, CancellationToken cancellationToken);

    /// <summary>What the identity would take along to another hub; null when there is none.</summary>
    Task<CarriedDevice?> ReadAsync(string deviceId, CancellationToken cancellationToken);

    /// <summary>
    /// Creates the identity, or refreshes the credential of the one that is there, keeping its twin. With
    /// <see cref="HubAssignment.MoveFrom"/> the identity and twin come from that hub and leave it; both hubs are then of this process.
    /// </summary>
    /// <returns>What is left to do in the registration's transaction.</returns>
    Task<IPendingWrite> AssignAsync(HubAssignment assignment, CancellationToken cancellationToken);

    /// <summary>Deletes the identity, with its twin.</summary>
    Task<IPendingWrite> RemoveAsync(string deviceId, CancellationToken cancellationToken);

    /// <summary>An enrollment was saved or deleted: live connections that it no longer attests are dropped within two seconds.</summary>
    Task TrustChangedAsync(EnrollmentKey enrollment, CancellationToken cancellationToken);

    /// <summary>A device identity was moved away or removed: its live connection is dropped.</summary>
    Task DeviceChangedAsync(string deviceId, CancellationToken cancellationToken);
}
