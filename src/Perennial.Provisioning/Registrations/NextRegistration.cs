using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Perennial.Provisioning.Allocation;
using Perennial.Provisioning.Attestation;
using Perennial.Provisioning.Enrollments;
using Perennial.Provisioning.Tpm;
using Perennial.X509;

namespace Perennial.Provisioning.Registrations;

/// <summary>The rules that make the next state of a registration record from the one before. Pure but for fresh ids.</summary>
internal static class NextRegistration
{
    /// <summary>The identity that the hub is to hold, and whether it comes over from another hub.</summary>
    public static HubAssignment Assignment(AllocatedDevice allocated, Registration? existing, IssuedLeaf? issued, LinkedHubs linked)
    {
        var enrollment = allocated.Verdict.Enrollment;
        var deviceId = enrollment.DeviceId ?? existing?.DeviceId ?? existing?.Id.Value ?? allocated.Verdict.RegistrationId.Value;
        return new HubAssignment
        {
            DeviceId = deviceId,
            RegistrationId = allocated.Verdict.Proof is DeviceProof.ByToken
                ? allocated.Verdict.RegistrationId
                : existing?.Id ?? allocated.Verdict.RegistrationId,
            Enrollment = enrollment.Key,
            Credential = CredentialOf(allocated.Verdict, issued?.Leaf),
            IsEdge = enrollment.IsEdge,
            InitialTwin = allocated.Custom?.InitialTwin ?? enrollment.InitialTwin,
            MoveFrom = MoveFrom(allocated.Hub, deviceId, existing, linked),
            KeepsTwin = enrollment.ReprovisionPolicy.MigrateDeviceData,
        };
    }

    private static HubCredential CredentialOf(AttestationVerdict.Accepted verdict, Certificate? issued) => (verdict.Proof, verdict.Anchor) switch
    {
        (DeviceProof.ByCertificate { Chain: var chain }, _) => new HubCredential.Leaf(chain.Leaf, issued),
        (_, AttestationAnchor.OfKey) when issued is not null => new HubCredential.Leaf(issued, null),
        (_, AttestationAnchor.OfKey { OfDevice: var keys }) => new HubCredential.Keys(keys),
        var (proof, anchor) => throw new InvalidOperationException($"{proof.GetType().Name} does not go with {anchor.GetType().Name}."),
    };

    private static DeviceLocation? MoveFrom(ILinkedHub to, string deviceId, Registration? existing, LinkedHubs linked)
    {
        if (existing is not { AssignedHub: { } hostName, DeviceId: { } formerId })
        {
            return null;
        }

        var from = linked.Find(hostName);
        var stays = from is null || (Is(to, hostName) && string.Equals(deviceId, formerId, StringComparison.Ordinal));
        return stays ? null : new DeviceLocation(from!, formerId);
    }

    /// <summary>True when the device asks for what it was just given: same credential, same enrollment, same hub, same payload.</summary>
    public static bool IsRepeat(
        AllocatedDevice allocated, [NotNullWhen(true)] Registration? existing, JsonElement? payload, TimeSpan window) =>
        Is(allocated.Hub, existing?.AssignedHub) && IsRepeat(allocated.Verdict, existing, payload, window);

    /// <summary>The same, whatever the hub.</summary>
    public static bool IsRepeat(
        AttestationVerdict.Accepted verdict, [NotNullWhen(true)] Registration? existing, JsonElement? payload, TimeSpan window) =>
        existing is { Status: RegistrationStatus.Assigned }
        && existing.Credential == RegisteredCredential.Of(verdict)
        && existing.Enrollment == verdict.Enrollment.Key
        && existing.EnrollmentETag == verdict.Enrollment.ETag
        && Equals(existing.StorageRootKey, StorageRootKeyOf(verdict, existing))
        && verdict.At - existing.LastUpdated < window
        && string.Equals(existing.Payload?.GetRawText(), payload?.GetRawText(), StringComparison.Ordinal);

    /// <param name="allocated">The device and its hub.</param>
    /// <param name="assignment">The identity on that hub.</param>
    /// <param name="existing">The record before, if any.</param>
    /// <param name="isThere">False when the hub should hold the device and does not.</param>
    /// <param name="payload">What the device sent along.</param>
    /// <param name="operationId">The operation that is under way; null makes a new one.</param>
    public static Registration Assigned(
        AllocatedDevice allocated, HubAssignment assignment, Registration? existing, bool isThere, JsonElement? payload, string? operationId) =>
        Next(allocated.Verdict, existing, payload, operationId) with
        {
            Status = RegistrationStatus.Assigned,
            Substatus = Substatus(assignment, existing, isThere),
            AssignedHub = allocated.Hub.HostName,
            DeviceId = assignment.DeviceId,
            AllocationPayload = AllocationPayload(allocated, existing),
        };

    public static Registration Failed(
        AttestationVerdict.Accepted verdict, Registration? existing, Refusal refusal, JsonElement? payload, string? operationId) =>
        Next(verdict, existing, payload, operationId) with
        {
            Status = RegistrationStatus.Failed,
            AssignedHub = existing?.AssignedHub,
            DeviceId = existing?.DeviceId,
            ErrorCode = CodeOf(refusal.Reason),
            ErrorMessage = refusal.Reason.Title,
        };

    private static RegistrationSubstatus Substatus(HubAssignment assignment, Registration? existing, bool isThere) =>
        (existing?.AssignedHub, assignment.MoveFrom, isThere) switch
        {
            (null, _, _) => RegistrationSubstatus.InitialAssignment,
            (_, not null, _) => assignment.KeepsTwin ? RegistrationSubstatus.DeviceDataMigrated : RegistrationSubstatus.DeviceDataReset,
            (_, _, false) => RegistrationSubstatus.ReprovisionedToInitialAssignment,
            _ => RegistrationSubstatus.InitialAssignment,
        };

    // A device that polls or asks again without its storage root key is known by the one it showed before.
    private static TpmPublic? StorageRootKeyOf(AttestationVerdict.Accepted verdict, Registration? existing) =>
        verdict is { Enrollment.Mechanism: AttestationMechanism.Tpm mechanism, Proof: DeviceProof.ByToken proof }
            ? mechanism.StorageRootKey ?? proof.StorageRootKey ?? existing?.StorageRootKey
            : null;

    // The codes of the real service (dps-protocol §1.8).
    private static int CodeOf(RefusalReason reason) =>
        reason == AllocationRefusals.NoEligibleHub ? 400208
        : reason == AllocationRefusals.HubRefused ? 400209
        : 400207;

    // What a custom allocation said stays with the device also when it need not be asked again.
    private static JsonElement? AllocationPayload(AllocatedDevice allocated, Registration? existing) =>
        allocated.Custom is { } answer ? answer.Payload
        : allocated.Verdict.Enrollment.AllocationPolicy == AllocationPolicy.Custom ? existing?.AllocationPayload
        : null;

    private static Registration Next(AttestationVerdict.Accepted verdict, Registration? existing, JsonElement? payload, string? operationId) => new()
    {
        Id = existing?.Id ?? verdict.RegistrationId,
        Status = RegistrationStatus.Failed,
        Substatus = RegistrationSubstatus.InitialAssignment,
        Enrollment = verdict.Enrollment.Key,
        EnrollmentETag = verdict.Enrollment.ETag,
        Credential = RegisteredCredential.Of(verdict),
        StorageRootKey = StorageRootKeyOf(verdict, existing),
        OperationId = operationId ?? NewOperationId(verdict.RegistrationId),
        PreviousOperationId = existing?.OperationId,
        Payload = payload,
        ETag = Guid.NewGuid().ToString("D"),
        Created = existing?.Created ?? verdict.At,
        LastUpdated = verdict.At,
    };

    // The form of the real service: a digit, 16 hex digits, a GUID (dps-protocol §0).
    public static string NewOperationId(RegistrationId id)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(id.Value.ToUpperInvariant()), hash);
        return string.Create(CultureInfo.InvariantCulture, $"5.{BinaryPrimitives.ReadUInt64BigEndian(hash):x16}.{Guid.NewGuid():D}");
    }

    private static bool Is(ILinkedHub hub, string? hostName) => string.Equals(hub.HostName, hostName, StringComparison.OrdinalIgnoreCase);
}
