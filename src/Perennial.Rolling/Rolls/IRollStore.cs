using Perennial.Provisioning;

namespace Perennial.Rolling.Rolls;

/// <summary>Storage of rolls and their devices. Each method is one transaction.</summary>
public interface IRollStore : ITrustingGroups
{
    Task<Roll?> FindAsync(string id, CancellationToken cancellationToken);

    Task<Page<Roll>> ListAsync(PageRequest page, CancellationToken cancellationToken);

    /// <summary>The rolls that are running, by id.</summary>
    Task<IReadOnlyList<Roll>> ListRunningAsync(CancellationToken cancellationToken);

    /// <summary>Writes a new roll with the devices of leaves' enrollments.</summary>
    /// <returns>False when there is one of this id.</returns>
    Task<bool> TryCreateAsync(Roll roll, IReadOnlyList<RollMember> members, string actor, CancellationToken cancellationToken);

    /// <summary>Puts another plan, with its devices, in place of one that was not started and is still of the version that was read.</summary>
    Task<bool> TryReplaceAsync(Roll roll, IReadOnlyList<RollMember> members, string actor, CancellationToken cancellationToken);

    /// <summary>Writes the roll with an audit row, when it is still of the version that was read.</summary>
    Task<bool> TryChangeAsync(Roll roll, string action, string actor, CancellationToken cancellationToken);

    /// <summary>
    /// Takes up devices that registered through the group of the roll and are not among its devices yet. It looks at some thousands of registrations
    /// and goes on where it stopped the next time; with <paramref name="all"/> it looks at every one.
    /// </summary>
    Task GatherAsync(Roll roll, bool all, CancellationToken cancellationToken);

    /// <summary>What is known of the roll, but whether its new certificate is staged.</summary>
    /// <param name="roll">The roll.</param>
    /// <param name="isConnected">Whether a device, by its registration id, has a live connection. Asked of silent ones only.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<RollFacts> ReadFactsAsync(Roll roll, Func<string, bool> isConnected, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Writes the next devices down as offered, by their order, while the roll runs and is of this version and wave.</summary>
    /// <returns>Those that were; the offers are still to be sent.</returns>
    Task<IReadOnlyList<string>> ClaimAsync(Roll roll, int max, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Devices that were written down as offered, and to which nothing was sent yet.</summary>
    /// <remarks>No more than the rate still allows this minute.</remarks>
    Task<IReadOnlyList<string>> ListUnsentAsync(Roll roll, int max, CancellationToken cancellationToken);

    /// <summary>Notes that the offer was sent, with the beginning of the device's window, or why it failed.</summary>
    Task NoteSentAsync(Roll roll, string device, DateTimeOffset windowBegins, string? failure, CancellationToken cancellationToken);

    /// <summary>Notes what a device says of itself, in every roll that is not over and offered it the new certificate.</summary>
    /// <param name="device">The registration id.</param>
    /// <param name="failure">What failed; null when nothing does, or does any longer.</param>
    /// <param name="cancellationToken">Stops before the write is taken up.</param>
    Task NoteReportAsync(string device, string? failure, CancellationToken cancellationToken);

    /// <summary>The roll that runs, offered the device the new certificate and waits for it; of several the one that offered it first.</summary>
    Task<OfferedDevice?> FindOfferedAsync(string device, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Forgets what failed on devices that have moved since.</summary>
    Task ForgetFailuresAsync(Roll roll, CancellationToken cancellationToken);

    /// <summary>
    /// Writes the roll with an audit row, as <see cref="TryChangeAsync"/> does, and has what was offered and not followed offered again.
    /// </summary>
    Task<bool> TryHastenAsync(Roll roll, string reason, string actor, CancellationToken cancellationToken);

    /// <summary>Rolls that have ended and are not settled: offers are to be withdrawn, or their devices are still followed.</summary>
    Task<IReadOnlyList<Roll>> ListUnsettledAsync(CancellationToken cancellationToken);

    /// <summary>Leaves the devices of a roll that has ended as they stand, whatever is seen of them later; some thousands at a time.</summary>
    Task SettleAsync(Roll roll, CancellationToken cancellationToken);

    /// <summary>Devices of a roll that was aborted or turned back whose offer is still to be withdrawn.</summary>
    Task<IReadOnlyList<string>> ListToWithdrawAsync(Roll roll, int max, CancellationToken cancellationToken);

    Task NoteWithdrawnAsync(Roll roll, string device, CancellationToken cancellationToken);

    /// <summary>Members of a roll of leaves that have moved and whose old leaf still stands.</summary>
    Task<IReadOnlyList<RollMember>> ListToRetireAsync(Roll roll, int max, CancellationToken cancellationToken);

    Task NoteRetiredAsync(Roll roll, string device, CancellationToken cancellationToken);

    /// <summary>Notes, with an audit row, that a device holds up the retirement no longer.</summary>
    /// <returns>False when the roll has no such device.</returns>
    Task<bool> TryWaiveAsync(Roll roll, string device, string reason, string actor, CancellationToken cancellationToken);

    Task<RollProgress> ReadProgressAsync(Roll roll, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Devices by id; with <paramref name="onlyOpen"/> those for whose sake the old certificate has to stay.</summary>
    Task<Page<RollDevice>> ListDevicesAsync(Roll roll, bool onlyOpen, PageRequest page, DateTimeOffset now, CancellationToken cancellationToken);
}
