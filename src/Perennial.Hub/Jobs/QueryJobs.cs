using Perennial.Hub.Queries;

namespace Perennial.Hub.Jobs;

/// <summary>The devices of jobs as rows of queries. A condition on one jobId reads that job alone.</summary>
public sealed class QueryJobs(IJobStore jobs) : IQueryRows
{
    public async Task<IReadOnlyList<IQueryRow>> ReadAsync(Query query, string? after, int max, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return TwinPlan.TextsOf(query, "jobId") is [var name]
            ? JobId.TryParse(name, out var id) ? await jobs.ListDevicesAsync(id, after, max, cancellationToken) : []
            : await jobs.ListDevicesAsync(null, after, max, cancellationToken);
    }

    public Task<long?> CountAsync(Query query, CancellationToken cancellationToken) => Task.FromResult<long?>(null);
}
