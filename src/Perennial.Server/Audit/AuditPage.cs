namespace Perennial.Server.Audit;

/// <summary>Part of the trail, latest first.</summary>
/// <param name="Records">Those that the filter takes.</param>
/// <param name="Next">
/// Continue before this number; null at the end. A page looks at no more than <see cref="IAuditTrail.LookedAt"/> rows, so it can be short, or
/// empty, and still have a next one.
/// </param>
internal sealed record AuditPage(IReadOnlyList<AuditRecord> Records, long? Next);
