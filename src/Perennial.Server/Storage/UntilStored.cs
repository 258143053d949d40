namespace Perennial.Server.Storage;

/// <summary>Repeats a write as long as the database is away.</summary>
internal static class UntilStored
{
    /// <summary>The pause between two attempts; the database's return is seen at most this much later.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <param name="write">The write; may be done more than once.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the repeating, not the write.</param>
    public static Task RunAsync(Func<Task> write, TimeProvider time, CancellationToken cancellationToken) => RunAsync(
        async () =>
        {
            await write();
            return true;
        },
        time,
        cancellationToken);

    /// <inheritdoc cref="RunAsync(Func{Task}, TimeProvider, CancellationToken)"/>
    public static async Task<T> RunAsync<T>(Func<Task<T>> write, TimeProvider time, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await write();
            }
            catch (StorageUnavailableException)
            {
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }
}
