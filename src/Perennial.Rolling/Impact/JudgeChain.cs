using System.Security.Cryptography;
using Perennial.Provisioning;
using Perennial.Provisioning.Attestation;
using Perennial.Provisioning.Blocks;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Sightings;
using Perennial.X509;

namespace Perennial.Rolling.Impact;

/// <summary>Asks the attestation function of one chain or key, as things are and as they would be.</summary>
/// <param name="enrollments">The enrollments.</param>
/// <param name="attestation">The attestation function.</param>
/// <param name="clockSkew">How far past its end, and before its beginning, a certificate is accepted.</param>
public sealed class JudgeChain(IEnrollmentStore enrollments, DeviceAttestation attestation, TimeSpan clockSkew)
{
    public TimeSpan ClockSkew => clockSkew;

    /// <returns>Null when the change has no part in what is said of the chain, or when it is refused before and after.</returns>
    public async Task<ChainJudgement?> RunAsync(PresentedChain presented, TrustChange change, DateTimeOffset at, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(presented);
        ArgumentNullException.ThrowIfNull(change);
        return (await LookAsync(presented, change, at, cancellationToken)).Judgement;
    }

    /// <summary>The same; and whether others of its class are asked of one by one.</summary>
    internal async Task<ClassJudgement> LookAsync(PresentedChain presented, TrustChange change, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (!Authenticate.TryByCertificate(presented.Device, presented.Chain, out var device, out _))
        {
            return ClassJudgement.None;
        }

        var (now, then) = await FindCandidatesAsync(device.RegistrationId, device.Proof, change, cancellationToken);
        return Judge(device, now, then, presented.Group, change, at);
    }

    /// <summary>Asks of a device that a key took, with a token that its key signs.</summary>
    internal async Task<ClassJudgement> LookAsync(PresentedKey presented, TrustChange change, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var (now, then) = await FindCandidatesAsync(presented.Device, TokenOf(key: null), change, cancellationToken);
        var holder = await enrollments.FindAsync(presented.Enrollment, cancellationToken);
        var isOfGroup = presented.Enrollment.Kind == EnrollmentKind.Group;
        var keys = KeysOf(presented.Device, presented.Key, presented.Enrollment.Kind, [now.Individual, then.Individual, holder, .. now.Groups, .. then.Groups]);
        var judged = keys.Cast<SymmetricKey?>().DefaultIfEmpty().Select(Judge).ToList();

        // What took the device is gone, or it is not known which key it derived: an enrollment of its own might hold that one.
        var isOpen = keys.Count == 0 || judged.Exists(other => !AreAlike(other.Judgement, judged[0].Judgement));
        return judged[0] with { IsUnknown = isOpen && isOfGroup && (now.Individual ?? then.Individual) is not null };

        ClassJudgement Judge(SymmetricKey? key) => Authenticate.TryByToken(presented.Device, TokenOf(key), at, out var device, out _)
            ? this.Judge(device, now, then, presented.Group, change, at)
            : ClassJudgement.None;
    }

    /// <summary>
    /// The key that a device signs its tokens with, by the one that took it; where it is derived, one for each spelling of its id. None when no enrollment
    /// holds what took it any more.
    /// </summary>
    public async Task<IReadOnlyList<SymmetricKey>> FindDeviceKeysAsync(RegistrationId device, SightingMatch match, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(match);
        var now = await enrollments.FindCandidatesAsync(device, TokenOf(key: null), cancellationToken);
        var holder = await enrollments.FindAsync(match.Enrollment, cancellationToken);
        return KeysOf(device, match.Anchor, match.Enrollment.Kind, [now.Individual, holder, .. now.Groups]);
    }

    /// <summary>The fingerprints of the keys of groups, in an order, that decide about other devices after the change than before, or stand in a group that is blocked.</summary>
    internal async Task<IReadOnlyList<Thumbprint>> FindKeysAsync(TrustChange change, CancellationToken cancellationToken)
    {
        var groups = change.Proposed.Groups.ToList();
        foreach (var key in change.Groups)
        {
            if (await enrollments.FindAsync(key, cancellationToken) is { } stored)
            {
                groups.Add(stored);
            }
        }

        return
        [
            .. groups.Select(group => group.Mechanism).OfType<AttestationMechanism.SymmetricKeys>()
                .SelectMany(mechanism => new[] { mechanism.Slots.Primary.Fingerprint, mechanism.Slots.Secondary.Fingerprint })
                .DistinctBy(fingerprint => fingerprint.ToString()).OrderBy(fingerprint => fingerprint.ToString(), StringComparer.Ordinal),
        ];
    }

    // A group may derive the key that an individual enrollment held: with that the device goes over to the group.
    private IReadOnlyList<SymmetricKey> KeysOf(RegistrationId device, Thumbprint fingerprint, EnrollmentKind kind, IReadOnlyList<Enrollment?> held)
    {
        var known = held.OfType<Enrollment>().ToLookup(enrollment => enrollment.Key.Kind);
        var keys = attestation.FindKeys(device, fingerprint, known[kind]);
        return keys.Count == 0 && kind == EnrollmentKind.Individual && DeviceAttestation.FindDerivedKey(device, fingerprint, known[EnrollmentKind.Group]) is { } derived
            ? [derived]
            : keys;
    }

    private async Task<(EnrollmentCandidates Now, EnrollmentCandidates Then)> FindCandidatesAsync(
        RegistrationId id, DeviceProof proof, TrustChange change, CancellationToken cancellationToken)
    {
        var now = await enrollments.FindCandidatesAsync(id, proof, cancellationToken);
        return (now, change.Apply(change.Proposed.IsEmpty ? now : await enrollments.FindCandidatesAsync(id, proof, change.Proposed, cancellationToken)));
    }

    private ClassJudgement Judge(
        AuthenticatedDevice device, EnrollmentCandidates now, EnrollmentCandidates then, RegisteredGroup group, TrustChange change, DateTimeOffset at)
    {
        var (before, after) = (attestation.Attest(device, now, at), attestation.Attest(device, then, at));
        var chain = device.Proof.CertificateChain;
        var authorities = chain is null ? [] : now.Certificates.Concat(then.Certificates).Concat(chain.Issuers).DistinctBy(c => c.Thumbprint).ToList();
        var turns = chain is null ? [] : ChainTurns.Of(authorities.Append(chain.Leaf), clockSkew, at);
        var (was, would) = (IsDrained(before), IsDrained(after));
        var (blocked, willBe) = IsOver(chain, at) ? (null, null) : (BlockOf(device, now, group.Block), BlockOf(device, then, change.BlockOf(group)));
        var isBlockTurned = (blocked is null) != (willBe is null);
        var isTurned = was != would || isBlockTurned;
        var isConcernedItself = was != would || before.GetType() != after.GetType() || IsTakenBy(change, before) || IsTakenBy(change, after);
        return new ClassJudgement(
            (isConcernedItself || isBlockTurned) && (isTurned || before is AttestationVerdict.Accepted || after is AttestationVerdict.Accepted)
                ? new ChainJudgement(EndOf(before, device, now, turns), EndOf(after, device, then, turns), (after as AttestationVerdict.Refused)?.Refusal)
                {
                    IsDrainedBefore = was,
                    IsDrainedAfter = would,
                    IsBlockedBefore = blocked is not null,
                    BlockedAfter = willBe,
                    IsOfBlockAlone = !isConcernedItself,
                }
                : null,
            authorities.Any(authority => authority.ConstrainsNames),
            change.IsOfGroupBlock || group.Block is not null || now.Blocks.Any(block => block.Kind == BlockKind.Group));
    }

    private static bool IsDrained(AttestationVerdict verdict) => verdict is AttestationVerdict.Refused { Drained: not null };

    private static bool IsTakenBy(TrustChange change, AttestationVerdict verdict) =>
        verdict is AttestationVerdict.Accepted { Enrollment.Key: var key } && change.Proposed.Concerns(key);

    // A leaf that has ended, or not begun, is refused everywhere.
    private bool IsOver(CertificateChain? chain, DateTimeOffset at) =>
        chain is { Leaf: var leaf } && (at > leaf.NotAfter + clockSkew || at < leaf.NotBefore - clockSkew);

    // What a hub finds that does not ask the enrollment: of groups it looks at the one that the device registered through.
    private static Refusal? BlockOf(AuthenticatedDevice device, EnrollmentCandidates candidates, Block? ofGroup)
    {
        var (name, chain) = (device.RegistrationId.Value, device.Proof.CertificateChain);
        var block = candidates.Blocks.Where(block => block.Refuses(name, chain)).OrderByDescending(block => block.IsCut).FirstOrDefault() ?? ofGroup;
        return block is null ? null : AttestationRefusals.BlockedBy(block);
    }

    private static bool AreAlike(ChainJudgement? one, ChainJudgement? other) =>
        one?.Before == other?.Before && one?.After == other?.After && (one is null) == (other is null);

    // Null stands for a key that nothing holds.
    private static DeviceProof.ByToken TokenOf(SymmetricKey? key) => new(new DeviceToken
    {
        Expires = DateTimeOffset.MaxValue,
        IsForDevice = true,
        IsSignedBy = other => key is not null && CryptographicOperations.FixedTimeEquals(other.Span, key.Bytes.Span),
    });

    private DateTimeOffset? EndOf(
        AttestationVerdict verdict, AuthenticatedDevice device, EnrollmentCandidates candidates, IReadOnlyList<(DateTimeOffset Last, DateTimeOffset Look)> turns)
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
