using Perennial.Hub.Devices;
using Perennial.Hub.Sessions;
using Perennial.Provisioning;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Sightings;

namespace Perennial.Server.Hubs;

/// <summary>Keeps the verdicts of one hub as sightings.</summary>
internal sealed class ConnectionLedger(ISightingStore sightings, string hubHostName) : IConnectionLedger
{
    public async ValueTask RecordAsync(DeviceVerdict verdict, CancellationToken cancellationToken)
    {
        var accepted = verdict as DeviceVerdict.Accepted;
        var refused = verdict as DeviceVerdict.Refused;
        await sightings.RecordAsync(
            new Sighting
            {
                Device = (accepted?.Device.Credential as DeviceCredential.FollowsEnrollment)?.RegistrationId ?? verdict.DeviceId,
                Path = SightingPath.Hub,
                Hub = hubHostName,
                At = verdict.At,
                Chain = verdict.Chain,
                IsTraced = accepted?.Proof is ConnectionProof.ByAuthority,
                Match = accepted?.Proof is ConnectionProof.ByEnrollment proof ? Match(proof) : null,
                Refusal = refused?.Refusal,
                Nearest = refused?.Nearest is { } nearest ? Key(nearest) : null,
            },
            cancellationToken);
    }

    private static SightingMatch? Match(ConnectionProof.ByEnrollment proof) => Key(proof.Enrollment) is { } key
        ? new SightingMatch(key, proof.Slot == CredentialSlot.Primary ? Slot.Primary : Slot.Secondary, proof.Anchor)
        : null;

    private static EnrollmentKey? Key(EnrollmentReference reference)
    {
        if (reference.IsGroup)
        {
            return EnrollmentKey.TryGroup(reference.Id, out var group) ? group : null;
        }

        return RegistrationId.TryParse(reference.Id, out var id) ? EnrollmentKey.Individual(id) : null;
    }
}
