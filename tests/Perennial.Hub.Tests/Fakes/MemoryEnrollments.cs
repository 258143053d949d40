using System.Collections.Concurrent;
using Perennial.Hub.Devices;
using Perennial.Hub.Sessions;
using Perennial.X509;

namespace Perennial.Hub.Tests.Fakes;

/// <summary>Individual enrollments in memory: a leaf or a key is attested when it stands in either slot.</summary>
internal sealed class MemoryEnrollments : IEnrollmentAttestation
{
    public static readonly RefusalReason NotEnrolled = new(3002, "test-not-enrolled", "Not in a slot.", "Enroll it.");

    private readonly ConcurrentDictionary<string, Certificate?[]> _slots = new(StringComparer.OrdinalIgnoreCase);

    private readonly ConcurrentDictionary<string, ReadOnlyMemory<byte>[]> _keys = new(StringComparer.OrdinalIgnoreCase);

    public static EnrollmentReference Reference(string registrationId) => new(IsGroup: false, registrationId);

    public void Save(string registrationId, Certificate? primary, Certificate? secondary) => _slots[registrationId] = [primary, secondary];

    public void SaveKeys(string registrationId, ReadOnlyMemory<byte> primary, ReadOnlyMemory<byte> secondary) => _keys[registrationId] = [primary, secondary];

    public Task<EnrollmentAnswer> AttestAsync(
        string registrationId, PresentedCredential presented, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (presented is PresentedCredential.ByToken { Token: var token })
        {
            var keys = _keys.GetValueOrDefault(registrationId) ?? [];
            return Answer(registrationId, Array.FindIndex(keys, key => token.IsSignedBy(key)), Thumbprint.Of([1]));
        }

        var leaf = ((PresentedCredential.ByCertificate)presented).Chain.Leaf.Thumbprint;
        var slots = _slots.GetValueOrDefault(registrationId) ?? [];
        return Answer(registrationId, Array.FindIndex(slots, certificate => certificate?.Thumbprint == leaf), leaf);
    }

    /// <summary>What is blocked; nothing at first.</summary>
    public Func<string, Refusal?> Block { get; set; } = _ => null;

    public Task<Refusal?> FindBlockAsync(string deviceId, PresentedCredential presented, CancellationToken cancellationToken) =>
        Task.FromResult(Block(deviceId));

    private static Task<EnrollmentAnswer> Answer(string registrationId, int slot, Thumbprint anchor) =>
        Task.FromResult<EnrollmentAnswer>(slot < 0
            ? new EnrollmentAnswer.Refused(new Refusal(NotEnrolled, "It is in no slot."), null)
            : new EnrollmentAnswer.Accepted(Reference(registrationId), (CredentialSlot)slot, anchor));
}
