namespace Perennial.Rolling.Impact;

/// <summary>Devices that stay accepted after the change, and lose access on one day since a certificate ends.</summary>
public sealed record ImpactEnd(DateOnly Day, long Devices);
