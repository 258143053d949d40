namespace Perennial.Provisioning.Enrollments;

/// <summary>Storage of the leaves that devices obtained.</summary>
public interface IIssuedLeafStore
{
    /// <summary>
    /// Records a leaf; from then on it counts. With <paramref name="placed"/> the enrollment that holds it is saved in the same transaction.
    /// </summary>
    /// <param name="leaf">The leaf; one that is recorded already stays as it is.</param>
    /// <param name="placed">The enrollment with the leaf in a slot; null when it stands in none.</param>
    /// <param name="expectedETag">The ETag of the stored enrollment as it was read.</param>
    /// <param name="actor">Who asked, for the audit row.</param>
    /// <param name="cancellationToken">Stops waiting; a write already taken up is still done.</param>
    /// <returns>False when the enrollment was changed or deleted meanwhile, and nothing was written.</returns>
    Task<bool> TryRecordAsync(IssuedLeaf leaf, Enrollment? placed, string expectedETag, string actor, CancellationToken cancellationToken);


    /// <summary>The newest leaf of a device that no registration has told it of; null when there is none.</summary>
    Task<IssuedLeaf?> FindUntoldAsync(RegistrationId id, CancellationToken cancellationToken);

    /// <summary>The leaf that was told by an operation; null when none was.</summary>
    Task<IssuedLeaf?> FindByOperationAsync(RegistrationId id, string operationId, CancellationToken cancellationToken);

    /// <summary>The leaves of a device, newest first, at most 32.</summary>
    Task<IReadOnlyList<IssuedLeaf>> ListAsync(RegistrationId id, CancellationToken cancellationToken);

    /// <summary>Prepares the note that an operation tells the device of its leaves so far, to be written in the registration's transaction.</summary>
    IPendingWrite Tell(RegistrationId id, string operationId);
}
