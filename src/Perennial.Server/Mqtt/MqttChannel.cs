using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using MQTTnet.Adapter;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using Perennial.Server.Connections;

namespace Perennial.Server.Mqtt;

/// <summary>
/// MQTT 3.1.1 packets over a byte pipe: framing and bounds of our own, bodies by MQTTnet's codec. One receiver at a time; any number
/// of senders.
/// </summary>
internal sealed class MqttChannel
{
    private readonly MqttPacketFormatterAdapter _codec;
    private readonly MqttBufferWriter _encoded = new(128, 4096);
    private readonly PipeReader _input;
    private readonly CombinedOutput _output;
    private readonly MqttEnd _end;
    private readonly Action _abort;
    private readonly TimeProvider _time;
    private bool _isConnected;
    private long _lastReceived;

    /// <param name="pipe">The bytes, after TLS.</param>
    /// <param name="end">Which end this is.</param>
    /// <param name="time">Reads the time of the last packet.</param>
    /// <param name="abort">Ends the connection at once, with nothing more sent.</param>
    public MqttChannel(IDuplexPipe pipe, MqttEnd end, TimeProvider time, Action abort)
    {
        _input = pipe.Input;
        _output = new CombinedOutput(pipe.Output, abort);
        _end = end;
        _time = time;
        _abort = abort;
        _codec = new MqttPacketFormatterAdapter(MqttProtocolVersion.V311, _encoded);
        _lastReceived = time.GetTimestamp();
    }

    /// <summary>Time since the peer last sent a whole packet; what keep-alive is measured by.</summary>
    public TimeSpan Silence => _time.GetElapsedTime(Volatile.Read(ref _lastReceived));

    /// <summary>The next packet; null when the peer has ended the connection.</summary>
    /// <exception cref="MqttProtocolException">The peer broke the protocol or a bound; nothing more can be received.</exception>
    public async ValueTask<MqttPacket?> ReceiveAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult read;
            try
            {
                read = await _input.ReadAsync(cancellationToken);
            }
            catch (Exception exception) when (exception is IOException or InvalidOperationException or ObjectDisposedException)
            {
                return null; // Reset by the peer, or aborted here.
            }

            var buffer = read.Buffer;
            if (MqttFrame.TryTake(ref buffer, _end, out var frame))
            {
                var packet = Decode(frame);
                _input.AdvanceTo(buffer.Start);
                Volatile.Write(ref _lastReceived, _time.GetTimestamp());
                return packet;
            }

            _input.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted || read.IsCanceled)
            {
                return null;
            }
        }
    }

    /// <summary>Sends a packet; packets of concurrent senders leave in one flush, each whole, in the order of the calls.</summary>
    /// <param name="packet">Encoded before the call returns.</param>
    /// <param name="cancellationToken">Stops waiting; a packet taken up is still sent.</param>
    /// <exception cref="IOException">The connection is gone.</exception>
    public ValueTask SendAsync(MqttPacket packet, CancellationToken cancellationToken) => SendAsync(packet, null, cancellationToken);

    /// <summary>Sends two packets in one flush, for instance an acknowledgement and the reply that follows it.</summary>
    /// <exception cref="IOException">The connection is gone.</exception>
    public ValueTask SendAsync(MqttPacket packet, MqttPacket? next, CancellationToken cancellationToken) =>
        _output.SendAsync((Channel: this, packet, next), static (piece, to) => piece.Channel.Encode(piece.packet, piece.next, to), cancellationToken);

    /// <summary>Ends the connection at once; a pending receive returns null.</summary>
    public void Abort() => _abort();

    private void Encode(MqttPacket packet, MqttPacket? next, IBufferWriter<byte> to)
    {
        Encode(packet, to);
        if (next is not null)
        {
            Encode(next, to);
        }
    }

    private void Encode(MqttPacket packet, IBufferWriter<byte> to)
    {
        var encoded = _codec.Encode(packet);
        to.Write(encoded.Packet.AsSpan());
        foreach (var segment in encoded.Payload)
        {
            to.Write(segment.Span);
        }

        _codec.Cleanup();
    }

    private MqttPacket Decode(in MqttFrame frame)
    {
        if (_end == MqttEnd.Server && !_isConnected)
        {
            MqttConnectRules.CheckFirst(frame);
            _isConnected = true;
        }

        var body = frame.Body.IsSingleSegment && MemoryMarshal.TryGetArray(frame.Body.First, out var segment)
            ? segment
            : new ArraySegment<byte>(frame.Body.ToArray());
        try
        {
            var packet = _codec.Decode(new ReceivedMqttPacket(frame.Header, body, body.Count + 2));
            MqttPacketRules.Check(packet);
            return packet;
        }
        catch (Exception exception) when (exception is not MqttProtocolException)
        {
            throw new MqttProtocolException($"The body of the {frame.Type} packet is malformed.", exception);
        }
    }
}
