namespace Perennial.Protocol.Hub;

/// <summary>One message of a device.</summary>
/// <param name="Body">Any bytes; never looked into.</param>
/// <param name="Properties">What goes along.</param>
public sealed record TelemetryMessage(ReadOnlyMemory<byte> Body, MessageProperties Properties)
{
    /// <summary>The most bytes of a message, body and properties together (hub-protocol §1.10).</summary>
    public const int MaxSize = 256 * 1024;

    /// <summary>The bytes that count against <see cref="MaxSize"/>.</summary>
    public int Size => Body.Length + Properties.Size();
}
