using Perennial.Hub.Credentials;
using Perennial.Hub.Devices;
using Perennial.Hub.Sessions;
using Perennial.Provisioning;
using Perennial.Provisioning.Attestation;
using Perennial.Provisioning.Blocks;
using Perennial.Provisioning.Enrollments;
using Perennial.Provisioning.Issuance;
using Perennial.Provisioning.Registrations;
using Perennial.Server.Hubs;
using Perennial.Server.Storage;
using Perennial.X509;

namespace Perennial.Server.Issuance;

/// <summary>
/// The hub's way to the leaves of provisioning: a connected device is attested anew by what it connected with, and is issued its next leaf as at a
/// registration.
/// </summary>
/// <param name="enrollments">Where enrollments are kept.</param>
/// <param name="registrations">Where registrations are kept.</param>
/// <param name="attestation">The attestation function.</param>
/// <param name="issue">Issues leaves; asked for at the first request, since it needs the hubs, which need this.</param>
/// <param name="time">The clock.</param>
internal sealed class DeviceCredentials(
    IEnrollmentStore enrollments, IRegistrationStore registrations, DeviceAttestation attestation, Func<IssueLeaf> issue, TimeProvider time) : ICredentialIssuance
{
    public async Task<CredentialAnswer> IssueAsync(DeviceVerdict.Accepted device, CertificateSigningRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await AskAsync(device, request, cancellationToken);
        }
        catch (StorageUnavailableException)
        {
            return new CredentialAnswer.NotDecided(StorageUnavailableException.RetryAfter);
        }
    }

    private async Task<CredentialAnswer> AskAsync(DeviceVerdict.Accepted device, CertificateSigningRequest request, CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow();
        if (RegistrationOf(device.Device) is not { } id
            || !EnrollmentAttestation.TryAuthenticate(id, device.Presented, at, out var authenticated, out _))
        {
            return Failed(CredentialFailure.NotAvailable, new Refusal(LeafRefusals.NoPolicy, $"The identity '{device.DeviceId}' follows no enrollment."));
        }

        var candidates = await enrollments.FindCandidatesAsync(id, authenticated.Proof, cancellationToken);
        switch (attestation.Attest(authenticated, candidates, at))
        {
            case AttestationVerdict.Refused { Drained: { } drained }:
                return await IssueAsync(drained, id, request, cancellationToken);
            case AttestationVerdict.Refused refused:
                return Failed(CredentialFailure.Refused, refused.Refusal);
            case AttestationVerdict.Accepted accepted:
                return await IssueAsync(accepted, id, request, cancellationToken);
            case var other:
                throw new InvalidOperationException($"Unknown verdict {other.GetType().Name}.");
        }
    }

    private async Task<CredentialAnswer> IssueAsync(
        AttestationVerdict.Accepted accepted, RegistrationId id, CertificateSigningRequest request, CancellationToken cancellationToken)
    {
        var spelled = (await registrations.FindAsync(id, cancellationToken))?.Id ?? id;
        return Answer(await issue().RunAsync(accepted, spelled, request, cancellationToken));
    }

    private static RegistrationId? RegistrationOf(DeviceIdentity device) =>
        device.Credential is DeviceCredential.FollowsEnrollment follows && RegistrationId.TryParse(follows.RegistrationId, out var id) ? id : null;

    private static CredentialAnswer Answer(LeafOutcome outcome) => outcome switch
    {
        LeafOutcome.Issued { Leaf: var leaf } => new CredentialAnswer.Issued(leaf.Chain),
        LeafOutcome.Later later when later.Refusal.Reason == LeafRefusals.NotDecided => new CredentialAnswer.NotDecided(later.RetryAfter),
        LeafOutcome.Later later when later.Refusal.Reason == LeafRefusals.TooMany || later.Refusal.Reason == DrainRefusals.NotItsTurn => Failed(CredentialFailure.Throttled, later.Refusal, later.RetryAfter),
        LeafOutcome.Later later => Failed(CredentialFailure.Unavailable, later.Refusal, later.RetryAfter),
        LeafOutcome.Refused refused => Failed(
            refused.Refusal.Reason == LeafRefusals.NoPolicy ? CredentialFailure.NotAvailable : CredentialFailure.Refused, refused.Refusal),
        _ => throw new InvalidOperationException($"Unknown outcome {outcome.GetType().Name}."),
    };

    private static CredentialAnswer.Failed Failed(CredentialFailure kind, Refusal refusal, TimeSpan? retryAfter = null) => new(kind, refusal, retryAfter);
}
