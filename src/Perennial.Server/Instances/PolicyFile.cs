namespace Perennial.Server.Instances;

/// <summary>The file <c>service-policies.json</c>: changed whole, by one process at a time.</summary>
internal sealed class PolicyFile(string path, TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Differs once the file was written anew.</summary>
    public (DateTime Written, long Length) Stamp
    {
        get
        {
            var file = new FileInfo(path);
            return file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
        }
    }

    public ServicePolicies Read() => ServicePolicies.Read(path);

    /// <summary>Reads, changes and writes with no other change between.</summary>
    /// <param name="change">What to make of the policies; null leaves them.</param>
    /// <param name="cancellationToken">Stops waiting for another change.</param>
    public async Task<TResult> ChangeAsync<TResult>(
        Func<ServicePolicies, (ServicePolicies? Next, TResult Result)> change, CancellationToken cancellationToken)
    {
        using var taken = await TakeAsync(cancellationToken);
        var (next, result) = change(Read());
        next?.Write(path);
        return result;
    }

    private async Task<FileStream> TakeAsync(CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (time.GetElapsedTime(start) < Longest)
            {
                await Task.Delay(Pause, time, cancellationToken);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new OperatorException($"{path} cannot be changed: {exception.Message}", exception);
            }
        }
    }
}
