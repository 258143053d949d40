namespace Perennial.Server.Audit;

/// <summary>An entry as it is stored.</summary>
/// <param name="Number">Rises from entry to entry; numbers may be left out.</param>
/// <param name="Entry">What was done.</param>
/// <param name="Hash">Links it to all entries before it (<see cref="AuditChain"/>); null for one that is older than the chain.</param>
internal sealed record AuditRecord(long Number, AuditEntry Entry, ReadOnlyMemory<byte>? Hash);
