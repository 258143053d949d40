namespace Perennial.Rolling.Rehearsals;

/// <summary>The busiest minute of each part of the service, all its usual work included.</summary>
public sealed record PeakLoad(long Issuances, long Registrations, long Handshakes);
