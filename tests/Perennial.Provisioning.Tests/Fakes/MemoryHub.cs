using System.Collections.Concurrent;
using System.Text.Json;
using Perennial.Provisioning.Allocation;
using Perennial.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Provisioning.Tests.Fakes;

/// <summary>A hub in memory: device identities with the leaf or the primary key they hold and a twin that is a word. One outside may be unreachable.</summary>
internal sealed class MemoryHub(string hostName, int weight = 1, bool isRemote = false) : ILinkedHub
{
    public ConcurrentDictionary<string, (Thumbprint Leaf, string Twin)> Devices { get; } = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, HubCredential> _credentials = new(StringComparer.Ordinal);

    public List<EnrollmentKey> TrustChanges { get; } = [];

    /// <summary>The call after so many does not answer; null for all answer.</summary>
    public int? AnswersLeft { get; set; }

    public bool IsRefusing { get; set; }

    public string HostName => hostName;

    public int Weight => weight;

    public bool IsRemote => isRemote;

    public Task<bool> HoldsAsync(HubAssignment assignment, CancellationToken cancellationToken)
    {
        Answer();
        return Task.FromResult(Devices.TryGetValue(assignment.DeviceId, out var held)
            && held.Leaf == MarkOf(assignment) && NextOf(Credential(assignment.DeviceId)) == NextOf(assignment.Credential));
    }

    /// <summary>What the device was last known by; null when it never was.</summary>
    public HubCredential? Credential(string deviceId) => _credentials.GetValueOrDefault(deviceId);

    public Task<bool> ExistsAsync(string deviceId, CancellationToken cancellationToken)
    {
        Answer();
        return Task.FromResult(Devices.ContainsKey(deviceId));
    }

    public Task<CarriedDevice?> ReadAsync(string deviceId, CancellationToken cancellationToken)
    {
        Answer();
        return Task.FromResult(Devices.TryGetValue(deviceId, out var held)
            ? new CarriedDevice(IsEnabled: true, JsonSerializer.SerializeToElement(held.Twin), default, default)
            : null);
    }

    public Task<IPendingWrite> AssignAsync(HubAssignment assignment, CancellationToken cancellationToken)
    {
        Answer();
        return DoAsync(() =>
        {
            var twin = assignment is { Carried: { } carried, KeepsTwin: true } ? carried.Tags.GetString()! : "initial";
            if (assignment.MoveFrom is { Hub: MemoryHub from, DeviceId: var formerId } && from.Devices.TryRemove(formerId, out var moved))
            {
                twin = assignment.KeepsTwin ? moved.Twin : twin;
            }

            _credentials[assignment.DeviceId] = assignment.Credential;
            Devices.AddOrUpdate(
                assignment.DeviceId,
                _ => (MarkOf(assignment), twin),
                (_, held) => (MarkOf(assignment), assignment.Carried is null ? held.Twin : twin));
        });
    }

    public Task<IPendingWrite> RemoveAsync(string deviceId, CancellationToken cancellationToken)
    {
        Answer();
        return DoAsync(() => Devices.TryRemove(deviceId, out _));
    }

    public Task TrustChangedAsync(EnrollmentKey enrollment, CancellationToken cancellationToken)
    {
        TrustChanges.Add(enrollment);
        return Task.CompletedTask;
    }

    public Task DeviceChangedAsync(string deviceId, CancellationToken cancellationToken) => Task.CompletedTask;

    private static Thumbprint? NextOf(HubCredential? credential) => (credential as HubCredential.Leaf)?.Next?.Thumbprint;

    private static Thumbprint MarkOf(HubAssignment assignment) => assignment.Credential switch
    {
        HubCredential.Leaf { Certificate: var leaf } => leaf.Thumbprint,
        HubCredential.Keys { Slots: var slots } => slots.Primary.Fingerprint,
        var other => throw new InvalidOperationException($"Unknown credential {other.GetType().Name}."),
    };

    private Task<IPendingWrite> DoAsync(Action work)
    {
        if (!isRemote)
        {
            return Task.FromResult<IPendingWrite>(new MemoryWrite(work));
        }

        work();
        return Task.FromResult<IPendingWrite>(new MemoryWrite(() => { }));
    }

    private void Answer()
    {
        if (IsRefusing)
        {
            throw new HubRefusedException($"{hostName} refuses.");
        }

        if (AnswersLeft is { } left)
        {
            AnswersLeft = left > 0 ? left - 1 : throw new HubUnreachableException($"{hostName} is away.");
        }
    }
}
