namespace Perennial.Hub.Jobs;

/// <summary>How many devices of a job are how far.</summary>
public sealed record JobCounts(long Pending, long Running, long Succeeded, long Failed)
{
    public long Total => Pending + Running + Succeeded + Failed;
}
