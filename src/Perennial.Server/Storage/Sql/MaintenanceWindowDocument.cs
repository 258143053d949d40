namespace Perennial.Server.Storage.Sql;

/// <summary>A maintenance window as it is kept.</summary>
/// <param name="Days">On which days it begins.</param>
/// <param name="From">When it begins.</param>
/// <param name="Until">When it ends.</param>
/// <param name="Zone">The name of its time zone.</param>
internal sealed record MaintenanceWindowDocument(IReadOnlyList<DayOfWeek> Days, TimeOnly From, TimeOnly Until, string Zone);
