namespace Perennial.Server.Portal.Enrollments;

/// <summary>Whom a change of slots touches, as far as sightings tell.</summary>
/// <param name="Devices">Devices registered through the enrollment.</param>
/// <param name="Leaving">Of these, how many used a certificate the last time that the change takes out.</param>
/// <param name="Names">The first of those.</param>
public sealed record ImpactModel(int Devices, int Leaving, IReadOnlyList<string> Names);
