namespace Perennial.Server.Policies;

/// <summary>What an owner is answered about policies, whichever API asked.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">A JSON document; null for none, and with an error.</param>
/// <param name="Fault">What is wrong with the request; null when it was done.</param>
internal sealed record PolicyAnswer(int Status, ReadOnlyMemory<byte>? Body, string? Fault = null);
