using Perennial.Provisioning.Enrollments;
using Perennial.Provisioning.Tpm;
using Perennial.X509;

namespace Perennial.Provisioning.Attestation;

/// <summary>The first step of a device with a TPM: it shows its public keys and is given its own key, wrapped for them (dps-protocol §4.3).</summary>
public sealed class ChallengeTpm(IEnrollmentStore enrollments, TpmIdentityKeys keys)
{
    /// <param name="announced">The device.</param>
    /// <param name="endorsementKey">In base64, as the device shows it.</param>
    /// <param name="storageRootKey">In base64, as the device shows it.</param>
    /// <param name="cancellationToken">Stops the look-up.</param>
    public async Task<TpmChallenge> RunAsync(
        RegistrationId announced, string? endorsementKey, string? storageRootKey, CancellationToken cancellationToken)
    {
        if (!TpmPublic.TryParse(endorsementKey, out var endorsement) || !TpmPublic.TryParse(storageRootKey, out var storage))
        {
            return Refuse(AttestationRefusals.TpmKeyUnreadable, "The endorsement key or the storage root key is no TPM2B_PUBLIC that is understood.");
        }

        var enrollment = await enrollments.FindAsync(EnrollmentKey.Individual(announced), cancellationToken);
        if (enrollment?.Mechanism is not AttestationMechanism.Tpm mechanism)
        {
            return Refuse(AttestationRefusals.TpmNotEnrolled, $"There is no individual enrollment '{announced}' with a TPM.");
        }

        if (!mechanism.EndorsementKey.Equals(endorsement))
        {
            return Refuse(AttestationRefusals.OtherTpm, $"The endorsement key that the device showed is not the one of the {enrollment.Key}.");
        }

        return mechanism.StorageRootKey?.Equals(storage) == false
            ? Refuse(AttestationRefusals.OtherTpm, $"The storage root key that the device showed is not the one of the {enrollment.Key}.")
            : new TpmChallenge.Posed(ActivationBlob.Wrap(endorsement, storage, keys.KeysOf(enrollment, mechanism).Primary));

        static TpmChallenge Refuse(RefusalReason reason, string detail) => new TpmChallenge.Refused(new Refusal(reason, detail));
    }

    /// <summary>Wraps the key of a registered device once more, for the storage root key that it showed; null when its enrollment is gone or another.</summary>
    public async Task<ReadOnlyMemory<byte>?> WrapAsync(RegistrationId id, TpmPublic storageRootKey, CancellationToken cancellationToken)
    {
        var enrollment = await enrollments.FindAsync(EnrollmentKey.Individual(id), cancellationToken);
        return enrollment?.Mechanism is AttestationMechanism.Tpm mechanism
            ? ActivationBlob.Wrap(mechanism.EndorsementKey, storageRootKey, keys.KeysOf(enrollment, mechanism).Primary)
            : null;
    }
}
