using System.Buffers;
using System.IO.Pipelines;
using Amqp;
using Amqp.Types;
using Perennial.Server.Connections;

namespace Perennial.Server.Amqp;

/// <summary>AMQP 1.0 frames over a byte pipe: framing and bounds of our own, values by AMQPNetLite's codec. One receiver at a time; any number of senders.</summary>
internal sealed class AmqpChannel
{
    private readonly PipeReader _input;
    private readonly CombinedOutput _output;
    private readonly ByteBuffer _scratch = new(256, true);
    private readonly Action _abort;
    private readonly TimeProvider _time;
    private long _lastReceived;
    private long _lastSent;

    /// <param name="pipe">The bytes, after TLS.</param>
    /// <param name="time">Reads the time of the last frame.</param>
    /// <param name="abort">Ends the connection at once, with nothing more sent.</param>
    public AmqpChannel(IDuplexPipe pipe, TimeProvider time, Action abort)
    {
        _input = pipe.Input;
        _output = new CombinedOutput(pipe.Output, abort);
        _time = time;
        _abort = abort;
        _lastReceived = _lastSent = time.GetTimestamp();
    }

    /// <summary>Time since the peer last sent a whole frame.</summary>
    public TimeSpan Silence => _time.GetElapsedTime(Volatile.Read(ref _lastReceived));

    /// <summary>Time since a frame was last sent to the peer.</summary>
    public TimeSpan OwnSilence => _time.GetElapsedTime(Volatile.Read(ref _lastSent));

    /// <summary>The next protocol header; null when the peer has ended the connection.</summary>
    public async ValueTask<byte[]?> ReceiveHeaderAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await ReadAsync(cancellationToken) is not { } read)
            {
                return null;
            }

            if (read.Buffer.Length >= ProtocolHeader.Length)
            {
                var header = read.Buffer.Slice(0, ProtocolHeader.Length).ToArray();
                _input.AdvanceTo(read.Buffer.GetPosition(ProtocolHeader.Length));
                return header;
            }

            _input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted || read.IsCanceled)
            {
                return null;
            }
        }
    }

    /// <summary>The next frame; null when the peer has ended the connection.</summary>
    /// <exception cref="AmqpProtocolException">The peer broke the protocol or a bound; nothing more can be received.</exception>
    public async ValueTask<ReceivedFrame?> ReceiveAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await ReadAsync(cancellationToken) is not { } read)
            {
                return null;
            }

            var buffer = read.Buffer;
            if (AmqpFrame.TryTake(ref buffer, out var frame))
            {
                var received = AmqpCodec.Decode(frame);
                _input.AdvanceTo(buffer.Start);
                Volatile.Write(ref _lastReceived, _time.GetTimestamp());
                return received;
            }

            _input.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted || read.IsCanceled)
            {
                return null;
            }
        }
    }

    /// <exception cref="IOException">The connection is gone.</exception>
    public ValueTask SendHeaderAsync(ReadOnlyMemory<byte> header) =>
        _output.SendAsync(header, static (header, to) => to.Write(header.Span), CancellationToken.None);

    /// <summary>Sends a frame; frames of concurrent senders leave in the order of the calls.</summary>
    /// <returns>Ends when it was handed to the connection.</returns>
    /// <exception cref="IOException">The connection is gone.</exception>
    public ValueTask SendAsync(byte kind, ushort channel, DescribedList? performative, ReadOnlyMemory<byte> payload = default)
    {
        Volatile.Write(ref _lastSent, _time.GetTimestamp());
        return _output.SendAsync(
            (Channel: this, kind, channel, performative, payload),
            static (frame, to) => AmqpCodec.Encode(
                frame.kind, frame.channel, frame.performative, frame.payload.Span, frame.Channel._scratch, to),
            CancellationToken.None);
    }

    /// <summary>Completes when what was sent so far was handed to the connection.</summary>
    public ValueTask FlushAsync() => _output.SendAsync(0, static (_, _) => { }, CancellationToken.None);

    /// <summary>Ends the connection at once; a pending receive returns null.</summary>
    public void Abort() => _abort();

    private async ValueTask<ReadResult?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _input.ReadAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException or ObjectDisposedException)
        {
            return null; // Reset by the peer, or aborted here.
        }
    }
}
