namespace Perennial.Hub.Jobs;

/// <summary>What a job does to each of its devices.</summary>
public enum JobKind
{
    UpdateTwin,
    DeviceMethod,
}
