using System.Buffers;
using System.IO.Pipelines;

namespace Perennial.Server.Connections;

/// <summary>
/// The sending side of a connection, for any number of senders: what they write while a flush is on its way leaves in the next one, each
/// piece whole, in the order of the calls.
/// </summary>
/// <param name="output">The bytes, before TLS.</param>
/// <param name="abort">Ends the connection at once.</param>
internal sealed class CombinedOutput(PipeWriter output, Action abort)
{
    /// <summary>Bytes that may wait for a peer that does not read; beyond it the connection is aborted.</summary>
    public const int MaxUnsent = 1024 * 1024;

    private readonly Lock _sending = new();
    private ArrayBufferWriter<byte>? _waiting;
    private TaskCompletionSource? _waitingSent;
    private IOException? _fault;
    private bool _isFlushing;

    /// <summary>Sends a piece.</summary>
    /// <param name="piece">Encoded before the call returns, by one caller at a time.</param>
    /// <param name="encode">Writes the piece.</param>
    /// <param name="cancellationToken">Stops waiting; a piece taken up is still sent.</param>
    /// <exception cref="IOException">The connection is gone.</exception>
    public ValueTask SendAsync<T>(T piece, Action<T, IBufferWriter<byte>> encode, CancellationToken cancellationToken)
    {
        lock (_sending)
        {
            if (_fault is { } fault)
            {
                throw new IOException(fault.Message, fault);
            }

            if (!_isFlushing)
            {
                encode(piece, output);
                _isFlushing = true;
                return FlushAsync();
            }

            _waiting ??= new ArrayBufferWriter<byte>(512);
            if (_waiting.WrittenCount > MaxUnsent)
            {
                abort();
                throw new IOException("The peer does not read what it is sent.");
            }

            encode(piece, _waiting);
            _waitingSent ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return new ValueTask(_waitingSent.Task.WaitAsync(cancellationToken));
        }
    }

    private async ValueTask FlushAsync()
    {
        TaskCompletionSource? sent = null;
        try
        {
            do
            {
                var flush = await output.FlushAsync(CancellationToken.None);
                if (flush.IsCompleted)
                {
                    throw new IOException("The connection has ended.");
                }

                sent?.TrySetResult();
            }
            while (TakeWaiting(out sent));
        }
        catch (Exception exception)
        {
            var fault = exception as IOException ?? new IOException("The connection has ended.", exception);
            Fail(sent, fault);
            throw fault;
        }
    }

    private bool TakeWaiting(out TaskCompletionSource? sent)
    {
        lock (_sending)
        {
            sent = _waitingSent;
            if (_waiting is null)
            {
                _isFlushing = false;
                return false;
            }

            output.Write(_waiting.WrittenSpan);
            _waiting = null;
            _waitingSent = null;
            return true;
        }
    }

    private void Fail(TaskCompletionSource? sent, IOException fault)
    {
        lock (_sending)
        {
            _fault = fault;
            sent?.TrySetException(fault);
            _waitingSent?.TrySetException(fault);
            _waitingSent = null;
            _waiting = null;
        }
    }
}
