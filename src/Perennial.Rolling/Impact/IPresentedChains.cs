using Perennial.Provisioning;
using Perennial.Provisioning.Enrollments;

namespace Perennial.Rolling.Impact;

/// <summary>
/// Storage of the chains that devices were last accepted with. A device counts with its class, unless an individual enrollment decides about
/// it or its leaf was revoked: then it is judged alone.
/// </summary>
public interface IPresentedChains
{
    /// <summary>Counts the devices that count with their class.</summary>
    /// <param name="ended">Leaves that end before this have ended.</param>
    /// <param name="cancellationToken">Stops the query.</param>
    Task<IReadOnlyList<ChainLot>> CountAsync(DateTimeOffset ended, CancellationToken cancellationToken);

    /// <summary>How many devices of a class on a hub have a leaf that ends in a span of time.</summary>
    Task<long> CountAsync(LotRange range, CancellationToken cancellationToken);

    /// <summary>The classes and hubs that have devices, for one who needs no numbers: one lot each, with its last day.</summary>
    Task<IReadOnlyList<ChainLot>> ListClassesAsync(CancellationToken cancellationToken);

    /// <summary>The longest-living of the chains of a lot.</summary>
    Task<PresentedChain?> FindLongestAsync(ChainLot lot, CancellationToken cancellationToken);

    Task<PresentedChain?> FindAsync(RegistrationId device, CancellationToken cancellationToken);

    /// <summary>Devices of a class with their chains, in the order of <see cref="ListAsync"/>.</summary>
    Task<IReadOnlyList<PresentedChain>> ListChainsAsync(LotRange range, SeenDevice? after, int max, CancellationToken cancellationToken);

    /// <summary>Devices of a class by the end of their leaf, then by id.</summary>
    Task<IReadOnlyList<SeenDevice>> ListAsync(LotRange range, SeenDevice? after, int max, CancellationToken cancellationToken);

    /// <summary>Devices that are judged alone though no individual enrollment decides about them, by id; with <paramref name="andEnrolled"/> those too.</summary>
    Task<IReadOnlyList<PresentedChain>> ListAloneAsync(bool andEnrolled, string? after, int max, CancellationToken cancellationToken);

    /// <summary>
    /// What decides about devices with individual enrollments that hold leaves, of those with a chain from one id to another, read at once; without those about
    /// which there is more to find out: they are asked about one by one.
    /// </summary>
    Task<IReadOnlyDictionary<RegistrationId, EnrollmentCandidates>> FindIndividualsAsync(RegistrationId first, RegistrationId last, CancellationToken cancellationToken);

    /// <summary>Devices registered through an enrollment of which no chain was accepted.</summary>
    Task<long> CountUnknownAsync(EnrollmentKey enrollment, CancellationToken cancellationToken);

    /// <summary>Their ids, in order.</summary>
    Task<IReadOnlyList<string>> ListUnknownAsync(EnrollmentKey enrollment, string? after, int max, CancellationToken cancellationToken);
}
