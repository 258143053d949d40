using System.Collections.Concurrent;
using Perennial.Provisioning.Allocation;
using Perennial.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Provisioning.Tests.Fakes;

/// <summary>A hub in memory: device identities with the leaf or the primary key they hold and a twin that is a word.</summary>
internal sealed class MemoryHub(string hostName, int weight = 1) : ILinkedHub
{
    public ConcurrentDictionary<string, (Thumbprint Leaf, string Twin)> Devices { get; } = new(StringComparer.Ordinal);

    public List<EnrollmentKey> TrustChanges { get; } = [];

    public string HostName => hostName;

    public int Weight => weight;

    public Task<bool> HoldsAsync(HubAssignment assignment, CancellationToken cancellationToken) =>
        Task.FromResult(Devices.TryGetValue(assignment.DeviceId, out var held) && held.Leaf == MarkOf(assignment));

    public Task<bool> ExistsAsync(string deviceId, CancellationToken cancellationToken) => Task.FromResult(Devices.ContainsKey(deviceId));

    public Task<IPendingWrite> AssignAsync(HubAssignment assignment, CancellationToken cancellationToken) =>
        Task.FromResult<IPendingWrite>(new MemoryWrite(() =>
        {
            var twin = "initial";
            if (assignment.MoveFrom is { Hub: MemoryHub from, DeviceId: var formerId } && from.Devices.TryRemove(formerId, out var moved))
            {
                twin = assignment.KeepsTwin ? moved.Twin : twin;
            }

            Devices.AddOrUpdate(
                assignment.DeviceId, _ => (MarkOf(assignment), twin), (_, held) => (MarkOf(assignment), held.Twin));
        }));

    private static Thumbprint MarkOf(HubAssignment assignment) => assignment.Credential switch
    {
        HubCredential.Leaf { Certificate: var leaf } => leaf.Thumbprint,
        HubCredential.Keys { Slots: var slots } => slots.Primary.Fingerprint,
        var other => throw new InvalidOperationException($"Unknown credential {other.GetType().Name}."),
    };

    public Task<IPendingWrite> RemoveAsync(string deviceId, CancellationToken cancellationToken) =>
        Task.FromResult<IPendingWrite>(new MemoryWrite(() => Devices.TryRemove(deviceId, out _)));

    public Task TrustChangedAsync(EnrollmentKey enrollment, CancellationToken cancellationToken)
    {
        TrustChanges.Add(enrollment);
        return Task.CompletedTask;
    }

    public Task DeviceChangedAsync(string deviceId, CancellationToken cancellationToken) => Task.CompletedTask;
}
