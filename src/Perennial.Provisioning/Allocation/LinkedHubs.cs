using Perennial.Provisioning.Enrollments;

namespace Perennial.Provisioning.Allocation;

/// <summary>The hubs linked to this service.</summary>
public sealed class LinkedHubs(IReadOnlyList<ILinkedHub> hubs) : IHubDirectory
{
    public IReadOnlyList<ILinkedHub> All { get; } = hubs;

    public IReadOnlyList<string> HostNames { get; } = [.. hubs.Select(hub => hub.HostName)];

    /// <summary>The hub with this host name, compared without case, or null.</summary>
    public ILinkedHub? Find(string? hostName) =>
        All.FirstOrDefault(hub => string.Equals(hub.HostName, hostName, StringComparison.OrdinalIgnoreCase));

    public Task TrustChangedAsync(EnrollmentKey enrollment, CancellationToken cancellationToken) =>
        Task.WhenAll(All.Select(hub => hub.TrustChangedAsync(enrollment, cancellationToken)));
}
