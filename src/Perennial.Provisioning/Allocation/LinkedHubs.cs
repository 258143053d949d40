using Perennial.Provisioning.Enrollments;

namespace Perennial.Provisioning.Allocation;

/// <summary>The hubs linked to this service, and how it chooses among them. Replaced as a whole while the service runs.</summary>
public sealed class LinkedHubs : IHubDirectory
{
    private volatile Snapshot _now;

    public LinkedHubs(IReadOnlyList<HubLink> links, AllocationTerms? terms = null) => _now = Snapshot.Of(links, terms ?? new AllocationTerms());

    public IReadOnlyList<HubLink> All => _now.Links;

    public AllocationTerms Terms => _now.Terms;

    public IReadOnlyList<string> HostNames => _now.HostNames;

    /// <summary>Other hubs and terms, for every registration from now on.</summary>
    public void Replace(IReadOnlyList<HubLink> links, AllocationTerms terms) => _now = Snapshot.Of(links, terms);

    /// <summary>The link of the hub with this host name, compared without case, or null.</summary>
    public HubLink? FindLink(string? hostName) =>
        All.FirstOrDefault(link => string.Equals(link.HostName, hostName, StringComparison.OrdinalIgnoreCase));

    public ILinkedHub? Find(string? hostName) => FindLink(hostName)?.Hub;

    public Task TrustChangedAsync(EnrollmentKey enrollment, CancellationToken cancellationToken) =>
        Task.WhenAll(All.Select(link => link.Hub.TrustChangedAsync(enrollment, cancellationToken)));

    private sealed record Snapshot(IReadOnlyList<HubLink> Links, IReadOnlyList<string> HostNames, AllocationTerms Terms)
    {
        public static Snapshot Of(IReadOnlyList<HubLink> links, AllocationTerms terms) =>
            new([.. links], [.. links.Select(link => link.HostName)], terms);
    }
}
