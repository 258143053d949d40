namespace Perennial.Hub.Sessions;

/// <summary>A direct method on its way to a device.</summary>
/// <param name="Id">By which the answer is told from others.</param>
/// <param name="Name">The method; needs no encoding in a topic.</param>
/// <param name="Payload">JSON; the literal <c>null</c> when the caller gave nothing.</param>
public sealed record MethodCall(Guid Id, string Name, ReadOnlyMemory<byte> Payload);
