using Perennial.Provisioning.Attestation;
using Perennial.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Rolling.Impact;

/// <summary>Asks the attestation function of one chain, as things are and as they would be.</summary>
/// <param name="enrollments">The enrollments.</param>
/// <param name="attestation">The attestation function.</param>
/// <param name="clockSkew">How far past its end, and before its beginning, a certificate is accepted.</param>
public sealed class JudgeChain(IEnrollmentStore enrollments, DeviceAttestation attestation, TimeSpan clockSkew)
{
    public TimeSpan ClockSkew => clockSkew;

    /// <returns>Null when the change has no part in what is said of the chain, or when it is refused before and after.</returns>
    public async Task<ChainJudgement?> RunAsync(PresentedChain presented, TrustChange change, DateTimeOffset at, CancellationToken cancellationToken) =>
        (await LookAsync(presented, change, at, cancellationToken)).Judgement;

    /// <summary>The same; and whether an authority that may stand above the leaf constrains names, so that others of its class are asked of one by one.</summary>
    public async Task<(ChainJudgement? Judgement, bool DependsOnNames)> LookAsync(
        PresentedChain presented, TrustChange change, DateTimeOffset at, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(presented);
        ArgumentNullException.ThrowIfNull(change);
        if (!Authenticate.TryByCertificate(presented.Device, presented.Chain, out var device, out _))
        {
            return (null, false);
        }

        var now = await enrollments.FindCandidatesAsync(device.RegistrationId, device.Proof, cancellationToken);
        var then = change.Apply(
            change.Proposed.IsEmpty ? now : await enrollments.FindCandidatesAsync(device.RegistrationId, device.Proof, change.Proposed, cancellationToken));
        var (before, after) = (attestation.Attest(device, now, at), attestation.Attest(device, then, at));
        var authorities = Certificates(now).Concat(Certificates(then)).Concat(presented.Chain.Issuers).DistinctBy(c => c.Thumbprint).ToList();
        var turns = TurnsOf(authorities.Append(presented.Chain.Leaf), at);
        var (was, would) = (IsDrained(before), IsDrained(after));
        var isConcerned = before.GetType() != after.GetType() || was != would || IsTakenBy(change, before) || IsTakenBy(change, after) || IsBelow(change, now);
        return (
            isConcerned && (before is AttestationVerdict.Accepted || after is AttestationVerdict.Accepted || was != would)
                ? new ChainJudgement(EndOf(before, device, now, turns), EndOf(after, device, then, turns), (after as AttestationVerdict.Refused)?.Refusal)
                {
                    IsDrainedBefore = was,
                    IsDrainedAfter = would,
                }
                : null,
            authorities.Any(authority => authority.ConstrainsNames));
    }

    private static IEnumerable<Certificate> Certificates(EnrollmentCandidates candidates) =>
        new[] { candidates.Individual, candidates.LeafHolder, candidates.Issued?.Enrollment }.OfType<Enrollment>().Concat(candidates.Groups)
            .SelectMany(enrollment => enrollment.Mechanism.Certificates).Select(filled => filled.Certificate);

    private static bool IsDrained(AttestationVerdict verdict) => verdict is AttestationVerdict.Refused { Drained: not null };

    private static bool IsTakenBy(TrustChange change, AttestationVerdict verdict) =>
        verdict is AttestationVerdict.Accepted { Enrollment.Key: var key } && change.Proposed.Concerns(key);

    private static bool IsBelow(TrustChange change, EnrollmentCandidates candidates) =>
        change.RevokedIssuer is { } revoked && candidates.Issued?.Record.Chain.Any(certificate => certificate.Thumbprint == revoked) == true;

    // What is said of a chain changes, as time goes on, only where a certificate ends or begins.
    private List<(DateTimeOffset Last, DateTimeOffset Look)> TurnsOf(IEnumerable<Certificate> certificates, DateTimeOffset at) =>
    [
        .. certificates
            .SelectMany(certificate => new[]
            {
                (Last: certificate.NotAfter, Look: certificate.NotAfter + clockSkew + TimeSpan.FromSeconds(1)),
                (Last: certificate.NotBefore, Look: certificate.NotBefore - clockSkew),
            })
            .Where(turn => turn.Look > at)
            .Distinct()
            .OrderBy(turn => turn.Look),
    ];

    private DateTimeOffset? EndOf(
        AttestationVerdict verdict, AuthenticatedDevice device, EnrollmentCandidates candidates, List<(DateTimeOffset Last, DateTimeOffset Look)> turns)
    {
        if (verdict is not AttestationVerdict.Accepted)
        {
            return null;
        }

        foreach (var (last, look) in turns)
        {
            if (attestation.Attest(device, candidates, look) is AttestationVerdict.Refused)
            {
                return last;
            }
        }

        return DateTimeOffset.MaxValue;
    }
}
