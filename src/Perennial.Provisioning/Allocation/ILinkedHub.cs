using Perennial.Provisioning.Enrollments;

namespace Perennial.Provisioning.Allocation;

/// <summary>The only way from provisioning to a hub: the one in this process, or any hub's registry REST API.</summary>
public interface ILinkedHub
{
    string HostName { get; }

    /// <summary>Share in hashed allocation, 1 to 1,000.</summary>
    int Weight { get; }

    /// <summary>True when the identity exists and already holds what the assignment asks for.</summary>
    Task<bool> HoldsAsync(HubAssignment assignment, CancellationToken cancellationToken);

    Task<bool> ExistsAsync(string deviceId, CancellationToken cancellationToken);

    /// <summary>
    /// Creates the identity, or refreshes the credential of the one that is there, keeping its twin. With
    /// <see cref="HubAssignment.MoveFrom"/> the identity and twin come from that hub and leave it.
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
