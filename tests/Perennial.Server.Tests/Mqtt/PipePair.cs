using System.IO.Pipelines;

namespace Perennial.Server.Tests.Mqtt;

/// <summary>Two ends of a connection in memory.</summary>
internal sealed class PipePair
{
    private readonly Pipe _toServer = new();
    private readonly Pipe _toClient = new();

    public IDuplexPipe Server => new End(_toServer.Reader, _toClient.Writer);

    public IDuplexPipe Client => new End(_toClient.Reader, _toServer.Writer);

    /// <summary>Ends the connection as an aborted socket would.</summary>
    public void Abort()
    {
        _toServer.Reader.CancelPendingRead();
        _toClient.Writer.Complete();
    }

    private sealed record End(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
