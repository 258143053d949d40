using System.IO.Pipelines;
using Perennial.Server.Amqp;

namespace Perennial.Server.Tests.Amqp;

/// <summary>A channel whose bytes are kept instead of sent.</summary>
internal sealed class MemoryBytes : IDuplexPipe, IDisposable
{
    private readonly MemoryStream _bytes = new();

    public MemoryBytes(TimeProvider time)
    {
        Output = PipeWriter.Create(_bytes);
        Channel = new AmqpChannel(this, time, () => { });
    }

    public AmqpChannel Channel { get; }

    public byte[] Written => _bytes.ToArray();

    public PipeReader Input { get; } = PipeReader.Create(Stream.Null);

    public PipeWriter Output { get; }

    public void Dispose() => _bytes.Dispose();
}
