namespace Perennial.Rolling.Rolls;

/// <summary>How many devices of a wave may fail before the roll halts: both the share and the number must be reached.</summary>
/// <param name="Share">Of the devices of the wave that were offered the new certificate, above 0 and at most 1.</param>
/// <param name="Devices">At least one.</param>
public sealed record HaltLimit(double Share, int Devices)
{
    public bool IsReached(long failed, long of) => failed >= Devices && failed >= Share * of;
}
