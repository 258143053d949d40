using Microsoft.Extensions.Logging;
using Perennial.Server.Logging;

namespace Perennial.Server.Storage.Postgres;

/// <summary>Whether the database is away, and since when. Every thread of a database shares one.</summary>
internal sealed partial class Outage(TimeProvider time, ILogger logger) : IDisposable
{
    /// <summary>An outage of this length is waited out; in a longer one requests are refused at once.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly ManualResetEvent _over = new(initialState: true);
    private long? _since;
    private Exception? _cause;

    public bool IsPresent
    {
        get
        {
            lock (_gate)
            {
                return _since is not null;
            }
        }
    }

    /// <summary>Whether patience has ended.</summary>
    public bool IsLong
    {
        get
        {
            lock (_gate)
            {
                return _since is { } since && time.GetElapsedTime(since) >= Patience;
            }
        }
    }

    public void Note(Exception cause)
    {
        lock (_gate)
        {
            if (_since is null)
            {
                _since = time.GetTimestamp();
                LogAway(cause);
            }

            _cause = cause;
            _over.Reset();
        }
    }

    public void End()
    {
        lock (_gate)
        {
            if (_since is { } since)
            {
                LogBack(time.GetElapsedTime(since).TotalSeconds);
            }

            _since = null;
            _over.Set();
        }
    }

    /// <summary>Blocks until the outage is over, as long as patience lasts.</summary>
    public bool WaitForEnd() => _over.WaitOne(Patience) && !IsPresent;

    public StorageUnavailableException Refusal()
    {
        lock (_gate)
        {
            return new StorageUnavailableException("The database does not answer.", _cause);
        }
    }

    public void Dispose() => _over.Dispose();

    [LoggerMessage(LogIds.DatabaseAway, LogLevel.Error, "The database does not answer; requests wait or are told to come again")]
    private partial void LogAway(Exception cause);

    [LoggerMessage(LogIds.DatabaseBack, LogLevel.Warning, "The database answers again, after {Seconds:0.0} s")]
    private partial void LogBack(double seconds);
}
