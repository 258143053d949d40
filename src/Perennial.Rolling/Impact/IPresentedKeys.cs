using Perennial.Provisioning;
using Perennial.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Rolling.Impact;

/// <summary>Storage of the keys that devices were last accepted by: those whose last accepted handshake was by a token.</summary>
public interface IPresentedKeys
{
    Task<PresentedKey?> FindAsync(RegistrationId device, CancellationToken cancellationToken);

    /// <summary>Counts the devices that a key took, by hub and by the group that they registered through, without those that are judged alone.</summary>
    Task<IReadOnlyList<KeyLot>> CountAsync(Thumbprint key, CancellationToken cancellationToken);

    /// <summary>The fingerprints of the keys that took devices which registered through the group, whether or not they stand in it still.</summary>
    /// <param name="group">The group.</param>
    /// <param name="except">Keys that are known: their devices, which may be all of the group, are not looked at.</param>
    /// <param name="cancellationToken">Stops the query.</param>
    Task<IReadOnlyList<Thumbprint>> ListKeysAsync(EnrollmentKey group, IReadOnlyList<Thumbprint> except, CancellationToken cancellationToken);

    /// <summary>
    /// The fingerprints of the keys that took devices by individual enrollments which are gone. A group may derive the same keys, which their fingerprints do not show.
    /// </summary>
    Task<IReadOnlyList<Thumbprint>> ListGoneAsync(CancellationToken cancellationToken);

    /// <summary>The devices that a key took, by id; with <paramref name="alone"/> only those that are judged alone.</summary>
    Task<IReadOnlyList<PresentedKey>> ListAsync(Thumbprint key, bool alone, string? after, int max, CancellationToken cancellationToken);
}
