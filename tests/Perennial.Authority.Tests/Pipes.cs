using System.IO.Pipes;

namespace Perennial.Authority.Tests;

/// <summary>Two ends of a connection within the process.</summary>
internal static class Pipes
{
    internal static (Stream Server, Stream Client) Make()
    {
        var name = $"perennial-{Guid.NewGuid():N}";
        var server = new NamedPipeServerStream(name, PipeDirection.InOut, 1, PipeTransmissionMode.Byte, PipeOptions.Asynchronous);
        var client = new NamedPipeClientStream(".", name, PipeDirection.InOut, PipeOptions.Asynchronous);
        var accepted = server.WaitForConnectionAsync();
        client.Connect();
        accepted.GetAwaiter().GetResult();
        return (server, client);
    }
}
