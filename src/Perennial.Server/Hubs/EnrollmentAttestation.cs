using Perennial.Hub.Devices;
using Perennial.Hub.Sessions;
using Perennial.Provisioning;
using Perennial.Provisioning.Attestation;
using Perennial.Provisioning.Blocks;
using Perennial.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Server.Hubs;

/// <summary>The hub's way to the attestation function of provisioning.</summary>
internal sealed class EnrollmentAttestation(IEnrollmentStore enrollments, IBlockStore blocks, DeviceAttestation attestation) : IEnrollmentAttestation
{
    public async Task<EnrollmentAnswer> AttestAsync(
        string registrationId, PresentedCredential presented, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (!RegistrationId.TryParse(registrationId, out var id))
        {
            throw new InvalidDataException($"The hub holds the registration id '{registrationId}', which is not one.");
        }

        if (!TryAuthenticate(id, presented, at, out var device, out var refusal))
        {
            return new EnrollmentAnswer.Refused(refusal, Nearest: null);
        }

        var candidates = await enrollments.FindCandidatesAsync(id, device.Proof, cancellationToken);
        return attestation.Attest(device, candidates, at) switch
        {
            AttestationVerdict.Accepted a => From(a),
            AttestationVerdict.Refused r => new EnrollmentAnswer.Refused(r.Refusal, r.Nearest is null ? null : Reference(r.Nearest))
            {
                Drained = r.Drained is null ? null : From(r.Drained),
            },
            var other => throw new InvalidOperationException($"Unknown verdict {other.GetType().Name}."),
        };
    }

    public async Task<Refusal?> FindBlockAsync(string deviceId, PresentedCredential presented, CancellationToken cancellationToken)
    {
        var chain = (presented as PresentedCredential.ByCertificate)?.Chain;
        var found = await blocks.FindAsync(deviceId, chain, cancellationToken);
        return found.Where(block => block.Kind == BlockKind.Group || block.Refuses(deviceId, chain)).OrderByDescending(block => block.IsCut).FirstOrDefault() is { } block
            ? AttestationRefusals.BlockedBy(block)
            : null;
    }

    private static EnrollmentAnswer.Accepted From(AttestationVerdict.Accepted accepted) => new(
        Reference(accepted.Enrollment.Key), accepted.Slot == Slot.Primary ? CredentialSlot.Primary : CredentialSlot.Secondary, accepted.Anchor.Thumbprint);

    /// <summary>The device that what was presented to the hub speaks for.</summary>
    public static bool TryAuthenticate(
        RegistrationId id,
        PresentedCredential presented,
        DateTimeOffset at,
        [NotNullWhen(true)] out AuthenticatedDevice? device,
        [NotNullWhen(false)] out Refusal? refusal)
    {
        switch (presented)
        {
            case PresentedCredential.ByCertificate { Chain: var chain }:
                return Authenticate.TryByCertificate(id, chain, out device, out refusal);
            case PresentedCredential.ByToken { Token: var token }:
                var read = new DeviceToken { Expires = token.Expires, IsForDevice = token.Covers, IsSignedBy = token.IsSignedBy };
                return Authenticate.TryByToken(id, new DeviceProof.ByToken(read), at, out device, out refusal);
            default:
                throw new InvalidOperationException($"No enrollment says anything of {presented.GetType().Name}.");
        }
    }

    public static EnrollmentReference Reference(EnrollmentKey key) => new(key.Kind == EnrollmentKind.Group, key.Id);
}
