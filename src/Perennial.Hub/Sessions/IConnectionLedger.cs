namespace Perennial.Hub.Sessions;

/// <summary>Where the verdicts of one hub are kept as sightings.</summary>
public interface IConnectionLedger
{
    /// <summary>Hands the verdict over. It may reach the disk later than this returns.</summary>
    ValueTask RecordAsync(DeviceVerdict verdict, CancellationToken cancellationToken);
}
