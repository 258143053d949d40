namespace Perennial.Hub.Jobs;

/// <summary>Runs each job of one hub when its time comes, and forgets those that ended long ago.</summary>
/// <param name="jobs">The jobs.</param>
/// <param name="run">Runs one.</param>
/// <param name="bell">Rings when there is a new one.</param>
/// <param name="failed">Told why jobs could not go on; they are tried again within a minute.</param>
/// <param name="time">The clock.</param>
public sealed class RunOpenJobs(IJobStore jobs, RunJob run, JobBell bell, Action<Exception> failed, TimeProvider time)
{
    /// <summary>How long a job that ended can be asked for.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    private const int MostOpen = 1000;

    private const int MostForgotten = 10;

    private static readonly TimeSpan Look = TimeSpan.FromMinutes(1);

    private readonly Dictionary<JobId, Task> _running = [];

    /// <summary>Goes on until it is stopped; what is under way then is finished first.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                var wait = await StartDueAsync(stopping);
                await bell.WaitAsync(wait, time, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await Task.WhenAll(_running.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>How long until there is something to do again.</returns>
    private async Task<TimeSpan> StartDueAsync(CancellationToken stopping)
    {
        foreach (var id in _running.Where(entry => entry.Value.IsCompleted).Select(entry => entry.Key).ToList())
        {
            _running.Remove(id);
        }

        try
        {
            var now = time.GetUtcNow();
            await jobs.ForgetAsync(now - Kept, MostForgotten, stopping);
            var open = (await jobs.ListOpenAsync(MostOpen, stopping)).Where(job => !_running.ContainsKey(job.Id)).ToList();
            foreach (var job in open.Where(job => job.Start <= now))
            {
                _running.Add(job.Id, RunOneAsync(job.Id, stopping));
            }

            var next = open.Where(job => job.Start > now).Select(job => job.Start - now).DefaultIfEmpty(Look).Min();
            return next < Look ? next : Look;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            failed(exception);
            return Look;
        }
    }

    private async Task RunOneAsync(JobId id, CancellationToken stopping)
    {
        try
        {
            await run.RunAsync(id, stopping);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            failed(exception);
        }
    }
}
