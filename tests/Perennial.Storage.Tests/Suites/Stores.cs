using Microsoft.Extensions.Time.Testing;
using Perennial.Provisioning.Enrollments;
using Perennial.Provisioning.Registrations;
using Perennial.Rolling.Sightings;

namespace Perennial.Storage.Tests.Suites;

/// <summary>A fresh, empty database of one kind and the stores on it. A suite runs against every kind.</summary>
public abstract class Stores : IAsyncDisposable
{
    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public abstract IEnrollmentStore Enrollments { get; }

    public abstract IRegistrationStore Registrations { get; }

    public abstract ISightingStore Sightings { get; }

    /// <summary>Who did what to which object, oldest first.</summary>
    public abstract IReadOnlyList<string> Audit();

    public abstract ValueTask DisposeAsync();
}
