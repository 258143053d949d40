using System.IO.Pipelines;

namespace Perennial.Server.Sandbox.Fleet;

/// <summary>A stream as the two pipes that an MQTT channel takes.</summary>
internal sealed class DuplexStream(Stream stream) : IDuplexPipe
{
    public PipeReader Input { get; } = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));

    public PipeWriter Output { get; } = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
}
