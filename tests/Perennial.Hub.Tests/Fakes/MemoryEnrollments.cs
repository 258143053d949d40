using System.Collections.Concurrent;
using Perennial.Hub.Devices;
using Perennial.Hub.Sessions;
using Perennial.X509;

namespace Perennial.Hub.Tests.Fakes;

/// <summary>Individual enrollments in memory: a leaf is attested when it stands in either slot.</summary>
internal sealed class MemoryEnrollments : IEnrollmentAttestation
{
    public static readonly RefusalReason NotEnrolled = new(3002, "test-not-enrolled", "Not in a slot.", "Enroll it.");

    private readonly ConcurrentDictionary<string, Certificate?[]> _slots = new(StringComparer.OrdinalIgnoreCase);

    public static EnrollmentReference Reference(string registrationId) => new(IsGroup: false, registrationId);

    public void Save(string registrationId, Certificate? primary, Certificate? secondary) => _slots[registrationId] = [primary, secondary];

    public Task<EnrollmentAnswer> AttestAsync(string registrationId, CertificateChain chain, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var slots = _slots.GetValueOrDefault(registrationId) ?? [];
        var slot = Array.FindIndex(slots, certificate => certificate?.Thumbprint == chain.Leaf.Thumbprint);
        return Task.FromResult<EnrollmentAnswer>(slot < 0
            ? new EnrollmentAnswer.Refused(new Refusal(NotEnrolled, "It is in no slot."), null)
            : new EnrollmentAnswer.Accepted(Reference(registrationId), (CredentialSlot)slot, chain.Leaf));
    }
}
