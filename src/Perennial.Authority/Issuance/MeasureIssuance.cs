using Perennial.Authority.Issuers;
using Perennial.Authority.Keys;

namespace Perennial.Authority.Issuance;

/// <summary>
/// Measures how fast an issuing authority signs, keys on tokens included, by trial certificates that are never delivered.
/// </summary>
/// <param name="journal">The journal of signatures.</param>
/// <param name="keys">The keys of the slots.</param>
/// <param name="time">The clock.</param>
public sealed class MeasureIssuance(IIssuanceJournal journal, OpenIssuers keys, TimeProvider time)
{
    private const string Trial = "capacity-trial";

    /// <summary>Signs so many trials.</summary>
    /// <param name="slot">The slot of the authority, whose key is here or on a token.</param>
    /// <param name="count">How many.</param>
    /// <param name="sideBySide">How many at a time.</param>
    /// <param name="actor">Who asked for it.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>What it took; null when its key cannot be used, or it signs nothing at this time.</returns>
    public async Task<TimeSpan?> RunAsync(IssuerSlot slot, int count, int sideBySide, string actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(slot);
        var trial = new SignTrial(journal, Trial, time);
        try
        {
            var issuer = await keys.OpenAsync(slot, cancellationToken);
            var began = time.GetTimestamp();
            var signed = 0;
            await Parallel.ForAsync(
                0,
                count,
                new ParallelOptions { MaxDegreeOfParallelism = sideBySide, CancellationToken = cancellationToken },
                async (_, stop) => Interlocked.Add(ref signed, (await trial.RunAsync(issuer, actor, stop)).Leaf is null ? 0 : 1));
            return signed == count ? time.GetElapsedTime(began) : null;
        }
        catch (KeyUnavailableException)
        {
            keys.Forget(slot.Id);
            return null;
        }
    }
}
