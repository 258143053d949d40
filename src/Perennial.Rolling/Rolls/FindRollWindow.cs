using Perennial.Rolling.Levelling;

namespace Perennial.Rolling.Rolls;

/// <summary>A device registers: whether it is to be told when to roll.</summary>
public sealed class FindRollWindow(IRollStore rolls, TimeProvider time)
{
    /// <param name="device">The registration id.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The window, whichever way the device was offered it; null when no roll waits for the device. One that comes after its window gets another.</returns>
    public async Task<RollWindow?> RunAsync(string device, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (await rolls.FindOfferedAsync(device, now, cancellationToken) is not { } offered)
        {
            return null;
        }

        var length = offered.Roll.Plan.OfferWindow;
        var ends = (offered.Roll.Hastened is null ? offered.Opens : offered.At) + length;
        return ends > now ? new RollWindow(offered.Opens, ends) : new RollWindow(now, now + length);
    }
}
