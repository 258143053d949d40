using Perennial.Provisioning.Attestation;
using Perennial.Provisioning.Blocks;
using Perennial.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Provisioning.Issuance;

/// <summary>
/// Issues an attested device its next leaf. The leaf counts from the moment it is recorded, beside the one in use, and is recorded before
/// the device is told: whatever is lost on the way, the device holds a credential that counts.
/// </summary>
public sealed class IssueLeaf(
    ICertificateIssuance authority,
    IIssuedLeafStore leaves,
    IEnrollmentStore enrollments,
    IHubDirectory hubs,
    DeviceAttestation attestation,
    IDrainStore drains,
    TimeProvider time)
{
    /// <summary>For so long the same signing request is the same wish: longer than any client retries one.</summary>
    public static readonly TimeSpan RepeatWindow = TimeSpan.FromMinutes(5);

    /// <summary>Leaves that a device may be issued in <see cref="RatePeriod"/>.</summary>
    public const int MaxPerPeriod = 8;

    /// <summary>The period of <see cref="MaxPerPeriod"/>.</summary>
    public static readonly TimeSpan RatePeriod = TimeSpan.FromHours(1);

    private const int MaxAttempts = 8;

    /// <param name="verdict">The device, attested now.</param>
    /// <param name="id">Its registration id as its record spells it.</param>
    /// <param name="request">What it asks for.</param>
    /// <param name="cancellationToken">Stops waiting; what was begun is found by the same request.</param>
    public async Task<LeafOutcome> RunAsync(
        AttestationVerdict.Accepted verdict, RegistrationId id, CertificateSigningRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(request);
        if (verdict.Enrollment.CredentialPolicy is not { } policy)
        {
            return new LeafOutcome.Refused(new Refusal(LeafRefusals.NoPolicy, $"The {verdict.Enrollment.Key} names none."));
        }

        if (!string.Equals(request.CommonName.Value, id.Value, StringComparison.OrdinalIgnoreCase))
        {
            return new LeafOutcome.Refused(new Refusal(LeafRefusals.OtherName, $"It says '{request.CommonName}'; the device is '{id}'."));
        }

        var issued = await leaves.ListAsync(id, cancellationToken);
        var now = time.GetUtcNow();
        var asked = Thumbprint.Of(request.Der.Span);
        if (issued.FirstOrDefault(leaf => IsSame(leaf, asked, verdict.Enrollment.Key, now)) is { } earlier)
        {
            return new LeafOutcome.Issued(earlier);
        }

        return await RefusalOfAsync(verdict, policy, issued, now, cancellationToken)
            ?? await TurnOfAsync(verdict, id, now, cancellationToken)
            ?? await OrderAsync(verdict, policy, id, request, issued, cancellationToken);
    }

    /// <summary>
    /// Places a certificate that the device brings itself in the free slot of its individual enrollment. The signing request, by the same key, is
    /// the proof that the device holds the key.
    /// </summary>
    /// <param name="verdict">The device, attested now by the certificate that it has.</param>
    /// <param name="id">Its registration id as its record spells it.</param>
    /// <param name="own">The next certificate.</param>
    /// <param name="proof">A request signed by that certificate's key.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<LeafOutcome> PlaceAsync(
        AttestationVerdict.Accepted verdict, RegistrationId id, Certificate own, CertificateSigningRequest proof, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(own);
        ArgumentNullException.ThrowIfNull(proof);
        if (proof.KeyThumbprint != own.KeyThumbprint)
        {
            return new LeafOutcome.Refused(new Refusal(LeafRefusals.KeyNotProven, $"The request is for the key {proof.KeyThumbprint}, the certificate has {own.KeyThumbprint}."));
        }

        if (own.Thumbprint == verdict.Anchor.Thumbprint)
        {
            return new LeafOutcome.Refused(new Refusal(LeafRefusals.SameCertificate, $"The {verdict.Enrollment.Key} holds {own.Thumbprint} in its {verdict.Slot} slot."));
        }

        if (verdict.Enrollment is not { CredentialPolicy: { } policy, Mechanism: AttestationMechanism.Leaves })
        {
            return new LeafOutcome.Refused(new Refusal(LeafRefusals.NoPolicy, $"The {verdict.Enrollment.Key} takes no certificates of the device's own."));
        }

        var issued = await leaves.ListAsync(id, cancellationToken);
        return await RefusalOfAsync(verdict, policy, issued, time.GetUtcNow(), cancellationToken)
            ?? UnfitFor(id, own, verdict.Enrollment)
            ?? await TurnOfAsync(verdict, id, time.GetUtcNow(), cancellationToken)
            ?? await BlockedAsync(id, [own], cancellationToken)
            ?? await RecordAsync(verdict, id, Thumbprint.Of(proof.Der.Span), [own], cancellationToken);
    }

    // What would not be taken with the certificate in a slot has no place there.
    private LeafOutcome.Refused? UnfitFor(RegistrationId id, Certificate own, Enrollment enrollment)
    {
        if (!CertificateChain.TryCreate(own, [], out var chain, out var refusal)
            || !Authenticate.TryByCertificate(id, chain, out var device, out refusal))
        {
            return new LeafOutcome.Refused(refusal);
        }

        var placed = enrollment with { Mechanism = new AttestationMechanism.Leaves(new CertificateSlots(own, null)) };
        return attestation.Attest(device, new EnrollmentCandidates(placed, null, []), time.GetUtcNow()) is AttestationVerdict.Refused unfit
            ? new LeafOutcome.Refused(unfit.Refusal)
            : null;
    }

    private static bool IsSame(IssuedLeaf leaf, Thumbprint request, EnrollmentKey enrollment, DateTimeOffset now) =>
        leaf.Request == request && leaf.Enrollment == enrollment && leaf is { Retired: null, IsRevoked: false } && now - leaf.Issued < RepeatWindow;

    private async Task<LeafOutcome?> RefusalOfAsync(
        AttestationVerdict.Accepted verdict, string policy, IReadOnlyList<IssuedLeaf> issued, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (issued.Count >= MaxPerPeriod && issued[MaxPerPeriod - 1].Issued + RatePeriod is var again && again > now)
        {
            return new LeafOutcome.Later(
                new Refusal(LeafRefusals.TooMany, $"{MaxPerPeriod} since {issued[MaxPerPeriod - 1].Issued:u}; again at {again:u}."), again - now);
        }

        if (verdict.Enrollment.Mechanism is not AttestationMechanism.Leaves)
        {
            return null;
        }

        return await authority.FindTermsAsync(policy, cancellationToken) is { AllowsSelfRoll: false }
            ? new LeafOutcome.Refused(new Refusal(LeafRefusals.SelfRollNotAllowed, $"The {verdict.Enrollment.Key} names the profile '{policy}'."))
            : null;
    }

    // A drain lets its devices through by order and rate.
    private async Task<LeafOutcome?> TurnOfAsync(
        AttestationVerdict.Accepted verdict, RegistrationId id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (verdict.Drain is not { } drain)
        {
            return null;
        }

        var leaf = verdict.Proof.CertificateChain?.Leaf.Thumbprint;
        return await drains.TakeAsync(drain, id, leaf, now, cancellationToken) switch
        {
            DrainTurn.Granted => null,
            DrainTurn.Later { Wait: var wait } => new LeafOutcome.Later(
                new Refusal(DrainRefusals.NotItsTurn, $"The {drain.Describe()} lets {drain.Drain!.RatePerMinute} a minute through; again at {now + wait:u}."), wait),
            DrainTurn.Unseen => new LeafOutcome.Refused(new Refusal(DrainRefusals.NotSeenBefore, $"It came with {leaf}; the {drain.Describe()} is drained since {drain.At:u}.")),
            var other => throw new InvalidOperationException($"Unknown turn {other.GetType().Name}."),
        };
    }

    // What is refused or drained itself would help the device to nothing. The order stands, and is not made anew with the next request.
    private async Task<LeafOutcome?> BlockedAsync(RegistrationId id, IReadOnlyList<Certificate> chain, CancellationToken cancellationToken)
    {
        if (!CertificateChain.TryCreate(chain[0], [.. chain.Skip(1)], out var presented, out _)
            || !Authenticate.TryByCertificate(id, presented, out var device, out _))
        {
            return null;
        }

        var candidates = await enrollments.FindCandidatesAsync(id, device.Proof, cancellationToken);
        return candidates.Blocks.Count > 0
            && attestation.Attest(device, candidates, time.GetUtcNow()) is AttestationVerdict.Refused
            && candidates.Blocks.FirstOrDefault(block => block.Refuses(id.Value, presented) || chain.Skip(1).Any(block.Refuses)) is { } found
                ? new LeafOutcome.Refused(new Refusal(DrainRefusals.IssuerBlocked, AttestationRefusals.BlockedBy(found).Detail))
                : null;
    }

    private async Task<LeafOutcome> OrderAsync(
        AttestationVerdict.Accepted verdict,
        string policy,
        RegistrationId id,
        CertificateSigningRequest request,
        IReadOnlyList<IssuedLeaf> issued,
        CancellationToken cancellationToken)
    {
        if (!CommonName.TryParse(id.Value, out var name))
        {
            return new LeafOutcome.Refused(new Refusal(
                LeafRefusals.OtherName, $"'{id}' cannot be the common name of a certificate: at most {CommonName.MaxLength} characters."));
        }

        // The same request after another leaf was issued is a new wish: a device may keep its key.
        var asked = Thumbprint.Of(request.Der.Span);
        var order = new CertificateOrder
        {
            Policy = policy,
            Request = request,
            Name = name,
            Actor = verdict.Proof.CertificateChain is { Leaf: var leaf } && leaf.NotAfter < time.GetUtcNow()
                ? $"device {id} by the leaf {leaf.Thumbprint} that ended at {leaf.NotAfter:u}"
                : $"device {id}",
            IdempotencyKey = $"{asked}.{(issued is [var newest, ..] ? newest.Thumbprint.ToString() : "first")}",
        };
        return await authority.IssueAsync(order, cancellationToken) switch
        {
            CertificateAnswer.Issued answer => await BlockedAsync(id, answer.Chain, cancellationToken)
                ?? await RecordAsync(verdict, id, asked, answer.Chain, cancellationToken),
            CertificateAnswer.Later later => new LeafOutcome.Later(later.Refusal, later.RetryAfter),
            CertificateAnswer.Refused refused => new LeafOutcome.Refused(refused.Refusal),
            var other => throw new InvalidOperationException($"Unknown answer {other.GetType().Name}."),
        };
    }

    private async Task<LeafOutcome> RecordAsync(
        AttestationVerdict.Accepted verdict, RegistrationId id, Thumbprint asked, IReadOnlyList<Certificate> chain, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            if (await enrollments.FindAsync(verdict.Enrollment.Key, cancellationToken) is not { } enrollment)
            {
                break;
            }

            var now = time.GetUtcNow();
            var placed = enrollment.Mechanism is AttestationMechanism.Leaves { Slots: var slots }
                ? FreeSlot.Place(enrollment, slots, UsedSlot(verdict, slots), chain[0], await leaves.ListAsync(id, cancellationToken), now)
                : null;
            if (placed is null && enrollment.Mechanism is AttestationMechanism.Leaves)
            {
                return new LeafOutcome.Refused(new Refusal(LeafRefusals.NoFreeSlot, $"The {enrollment.Key} holds two."));
            }

            var leaf = new IssuedLeaf
            {
                Thumbprint = chain[0].Thumbprint,
                Enrollment = enrollment.Key,
                RegistrationId = id,
                Chain = chain,
                Request = asked,
                StandsAlone = placed is null && !await IsAttestedAsync(id, chain, enrollment.Key, now, cancellationToken),
                PlacedBeside = placed?.Mechanism.Certificates.First(held => held.Certificate.Thumbprint != chain[0].Thumbprint).Certificate.Thumbprint,
                Issued = now,
            };
            if (await leaves.TryRecordAsync(leaf, placed, enrollment.ETag, $"device {id}", cancellationToken))
            {
                // A record adds trust; only a slot may have been taken from another certificate.
                await (placed is null ? Task.CompletedTask : hubs.TrustChangedAsync(enrollment.Key, cancellationToken));
                return new LeafOutcome.Issued(leaf);
            }
        }

        return new LeafOutcome.Refused(new Refusal(AttestationRefusals.NotEnrolled, $"The {verdict.Enrollment.Key} was changed while a leaf was issued."));
    }

    // Where the verdict's own leaf left the enrollment meanwhile, the slot that matched it then counts as the used one.
    private static Slot UsedSlot(AttestationVerdict.Accepted verdict, CertificateSlots slots) =>
        slots.SlotOf(verdict.Anchor.Thumbprint) ?? verdict.Slot;

    private async Task<bool> IsAttestedAsync(
        RegistrationId id, IReadOnlyList<Certificate> chain, EnrollmentKey enrollment, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (!CertificateChain.TryCreate(chain[0], [.. chain.Skip(1)], out var presented, out _)
            || !Authenticate.TryByCertificate(id, presented, out var device, out _))
        {
            return false;
        }

        var candidates = await enrollments.FindCandidatesAsync(id, device.Proof, cancellationToken);
        return attestation.Attest(device, candidates, at) is AttestationVerdict.Accepted accepted && accepted.Enrollment.Key == enrollment;
    }
}
