namespace Perennial.Server.Instances;

/// <summary>The TCP ports of an instance.</summary>
internal sealed record PortsDocument
{
    public int Mqtt { get; init; } = 8883;

    public int Https { get; init; } = 443;

    public int Amqp { get; init; } = 5671;

    public int Portal { get; init; } = 8080;
}
