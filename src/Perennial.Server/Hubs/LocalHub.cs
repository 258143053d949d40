using System.Text.Json;
using Perennial.Hub.Devices;
using Perennial.Hub.Registry;
using Perennial.Hub.Sessions;
using Perennial.Hub.Twins;
using Perennial.Provisioning;
using Perennial.Provisioning.Allocation;
using Perennial.Provisioning.Enrollments;
using Perennial.Server.Storage;

namespace Perennial.Server.Hubs;

/// <summary>A hub of this process as provisioning sees it: what it writes is part of the registration's transaction.</summary>
internal sealed class LocalHub(
    string name,
    string hostName,
    int weight,
    HubBehaviour behaviour,
    IDeviceStore devices,
    ITwinStore twins,
    IAssignmentStore assignments,
    ReconsiderConnections reconsider,
    TimeProvider time) : ILinkedHub
{
    /// <summary>The logical name, by which storage knows the hub.</summary>
    public string Name { get; } = name;

    public string HostName { get; } = hostName;

    /// <summary>Share in hashed allocation when nothing else is said.</summary>
    public int Weight { get; } = weight;

    public bool IsRemote => false;

    public async Task<bool> HoldsAsync(HubAssignment assignment, CancellationToken cancellationToken) =>
        await devices.FindAsync(Id(assignment.DeviceId), cancellationToken) is { } device
        && device.Credential.Equals(CredentialOf(assignment))
        && device.IsEdge == assignment.IsEdge;

    public async Task<bool> ExistsAsync(string deviceId, CancellationToken cancellationToken) =>
        await devices.FindAsync(Id(deviceId), cancellationToken) is not null;

    public async Task<CarriedDevice?> ReadAsync(string deviceId, CancellationToken cancellationToken) =>
        await devices.FindAsync(Id(deviceId), cancellationToken) is { } device && await twins.FindAsync(device.Id, cancellationToken) is { } twin
            ? new CarriedDevice(device.IsEnabled, twin.Tags, twin.Desired.Values, twin.Reported.Values)
            : null;

    public Task<IPendingWrite> AssignAsync(HubAssignment assignment, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(assignment);
        if (assignment.MoveFrom is { Hub: not LocalHub } elsewhere)
        {
            throw new NotSupportedException($"The device '{elsewhere.DeviceId}' cannot move here from {elsewhere.Hub.HostName}.");
        }

        var to = new AssignedPlace(Name, Id(assignment.DeviceId));
        var device = new RequestedDevice { Id = to.Id, Credential = CredentialOf(assignment), IsEdge = assignment.IsEdge }
            .ToIdentity(time.GetUtcNow());
        var actor = $"registration '{assignment.RegistrationId}'";
        if (assignment.Carried is { } carried)
        {
            var twin = assignment.KeepsTwin ? TwinOf(to.Id, carried) : FirstTwin(to.Id, assignment);
            return Task.FromResult(assignments.Receive(to, device with { IsEnabled = carried.IsEnabled }, twin, actor));
        }

        var from = assignment.MoveFrom is { Hub: LocalHub hub } location ? new AssignedPlace(hub.Name, Id(location.DeviceId)) : null;
        return Task.FromResult(assignments.Assign(to, device, FirstTwin(to.Id, assignment), from, assignment.KeepsTwin, actor));
    }

    public Task<IPendingWrite> RemoveAsync(string deviceId, CancellationToken cancellationToken) =>
        Task.FromResult(assignments.Remove(new AssignedPlace(Name, Id(deviceId)), "provisioning"));

    // What is stored takes effect even when whoever asked for it is gone.
    public Task TrustChangedAsync(EnrollmentKey enrollment, CancellationToken cancellationToken) =>
        reconsider.EnrollmentAsync(EnrollmentAttestation.Reference(enrollment), CancellationToken.None);

    public Task DeviceChangedAsync(string deviceId, CancellationToken cancellationToken) =>
        reconsider.DeviceAsync(Id(deviceId), CancellationToken.None);

    private DeviceCredential CredentialOf(HubAssignment assignment) => behaviour == HubBehaviour.Azure
        ? ShownOf(assignment.Credential)
        : new DeviceCredential.FollowsEnrollment(
            assignment.RegistrationId.Value, EnrollmentAttestation.Reference(assignment.Enrollment), ShownOf(assignment.Credential));

    private static DeviceCredential ShownOf(HubCredential credential) => credential switch
    {
        HubCredential.Leaf leaf => DeviceCredential.Thumbprints.Of(leaf.Certificate.Thumbprint, leaf.Next?.Thumbprint),
        HubCredential.Keys { Slots: var slots }
            when DeviceCredential.SymmetricKeys.TryCreate(slots.Primary.Bytes, slots.Secondary.Bytes, out var keys) => keys,
        _ => throw new InvalidOperationException($"A hub holds no {credential.GetType().Name}."),
    };

    // Enrollments are checked by the twin's rules when they are saved; what breaks one of them all the same is left out.
    private Twin FirstTwin(DeviceId id, HubAssignment assignment) =>
        Twin.Create(id, time.GetUtcNow(), PatchOf(assignment.InitialTwin?.Tags), PatchOf(assignment.InitialTwin?.Desired));

    private Twin TwinOf(DeviceId id, CarriedDevice carried)
    {
        var twin = Twin.Create(id, time.GetUtcNow(), PatchOf(carried.Tags), PatchOf(carried.Desired));
        return twin.Report(PatchOf(carried.Reported), time.GetUtcNow()) is TwinChange.Changed { Next: var reported } ? reported : twin;
    }

    private static TwinPatch PatchOf(JsonElement? json) =>
        json is { } values && TwinPatch.TryCreate(values, out var patch, out _) ? patch : TwinPatch.Empty;

    private static DeviceId Id(string text) =>
        DeviceId.TryParse(text, out var id) ? id : throw new InvalidDataException($"'{text}' is no device id of a hub.");
}
