namespace Perennial.Server.Metrics;

/// <summary>How many certificates of a kind end within so many days from now, and have not ended yet.</summary>
/// <param name="Kind"><c>enrolled</c>, <c>ca</c> or <c>issued</c>.</param>
/// <param name="Days">From now.</param>
/// <param name="Certificates">Those of fewer days are among them.</param>
internal sealed record ExpiryCount(string Kind, int Days, long Certificates);
