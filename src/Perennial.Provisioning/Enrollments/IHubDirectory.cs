namespace Perennial.Provisioning.Enrollments;

/// <summary>What saving an enrollment needs of the hubs, which may be in other processes.</summary>
public interface IHubDirectory
{
    /// <summary>Host names of the linked hubs.</summary>
    IReadOnlyList<string> HostNames { get; }

    /// <summary>An enrollment was saved or deleted: live connections that it no longer attests are dropped within two seconds.</summary>
    Task TrustChangedAsync(EnrollmentKey enrollment, CancellationToken cancellationToken);
}
