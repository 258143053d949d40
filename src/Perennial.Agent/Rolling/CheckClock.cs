namespace Perennial.Agent.Rolling;

/// <summary>
/// Before a certificate is rolled because it is due: whether it is due by the service's time too. A clock that runs ahead would have every
/// certificate rolled as soon as it comes.
/// </summary>
internal sealed class CheckClock(Device device)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromHours(12);

    /// <returns>Whether the plan is due, by the best time there is.</returns>
    public async Task<bool> IsDueAsync(RollPlan plan, CancellationToken cancellationToken)
    {
        if (!plan.IsDue(device.Now))
        {
            return false;
        }

        if (!device.Clock.HasHeardWithin(Fresh) && await device.Registration.AskTimeAsync(cancellationToken))
        {
            device.Log.Warn($"This device's clock is wrong by {device.Clock.Correction:c}; the time that the provisioning service says is used.");
        }

        return plan.IsDue(device.Now);
    }
}
