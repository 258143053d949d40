using Perennial.Provisioning.Enrollments;

namespace Perennial.Storage.Tests.Rolls;

/// <summary>No hub is linked.</summary>
internal sealed class NoHubs : IHubDirectory
{
    public IReadOnlyList<string> HostNames => [];

    public Task TrustChangedAsync(EnrollmentKey enrollment, CancellationToken cancellationToken) => Task.CompletedTask;
}
