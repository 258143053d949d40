using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Sightings;

namespace Perennial.Rolling.Retirement;

/// <summary>
/// Stops accepting the old certificate of an enrollment once every device has proven, by a sighting, that it uses the other one. The
/// operator's way to remove a certificate without proof is to save the enrollment without it.
/// </summary>
public sealed class RetireCertificate(IEnrollmentStore enrollments, ISightingStore sightings, SaveEnrollment save)
{
    /// <summary>Unproven devices named in a refusal.</summary>
    public const int UnprovenLimit = 100;

    /// <param name="key">The enrollment.</param>
    /// <param name="slot">The slot that holds the old certificate.</param>
    /// <param name="actor">Who asks, for the audit trail.</param>
    /// <param name="cancellationToken">Stops before the write is taken up.</param>
    public Task<RetirementOutcome> RunAsync(EnrollmentKey key, Slot slot, string actor, CancellationToken cancellationToken) =>
        RunAsync(key, slot, (draft, etag) => save.RunAsync(draft, etag, actor, cancellationToken), cancellationToken);

    /// <summary>What would become of the wish, without changing anything: <see cref="RetirementOutcome.Retired"/> holds the enrollment as it would be.</summary>
    public Task<RetirementOutcome> PlanAsync(EnrollmentKey key, Slot slot, CancellationToken cancellationToken) =>
        RunAsync(key, slot, (draft, etag) => save.PlanAsync(draft, etag, cancellationToken), cancellationToken);

    private async Task<RetirementOutcome> RunAsync(
        EnrollmentKey key, Slot slot, Func<EnrollmentDraft, string, Task<SaveOutcome>> write, CancellationToken cancellationToken)
    {
        if (await enrollments.FindAsync(key, cancellationToken) is not { } enrollment)
        {
            return new RetirementOutcome.NotFound();
        }

        if (enrollment.Mechanism is not (AttestationMechanism.X509 or AttestationMechanism.CaReferences))
        {
            return new RetirementOutcome.NothingToRetire(
                $"The {key} attests by {enrollment.Mechanism.Word}. A key is retired by saving the enrollment with another one in its slot.");
        }

        var other = slot == Slot.Primary ? Slot.Secondary : Slot.Primary;
        if (!IsFilled(enrollment.Mechanism, slot) || enrollment.Mechanism.AnchorOf(other) is not { } kept)
        {
            return new RetirementOutcome.NothingToRetire(NothingIn(enrollment, IsFilled(enrollment.Mechanism, slot) ? other : slot));
        }

        var proof = await sightings.ProofAsync(key, kept, UnprovenLimit, cancellationToken);
        if (!proof.IsComplete)
        {
            return new RetirementOutcome.NotProven(proof, kept);
        }

        return await write(EnrollmentDraft.Without(enrollment, slot), enrollment.ETag) switch
        {
            SaveOutcome.Saved saved => new RetirementOutcome.Retired(saved.Enrollment),
            SaveOutcome.Invalid invalid => new RetirementOutcome.NothingToRetire(invalid.Sentence),
            _ => new RetirementOutcome.Changed(),
        };
    }

    private static bool IsFilled(AttestationMechanism mechanism, Slot slot) =>
        mechanism is AttestationMechanism.CaReferences references ? references[slot] is not null : mechanism.AnchorOf(slot) is not null;

    private static string NothingIn(Enrollment enrollment, Slot slot) =>
        enrollment.Mechanism is AttestationMechanism.CaReferences references && references[slot] is { } reference
            ? $"The {Word(slot)} slot of the {enrollment.Key} refers to the CA certificate '{reference.Name}', which is not there or not verified. "
              + "A certificate is retired when the other slot holds the one that devices use instead."
            : $"The {Word(slot)} slot of the {enrollment.Key} is empty. A certificate is retired when the other slot holds the one that devices use instead.";

    private static string Word(Slot slot) => slot == Slot.Primary ? "primary" : "secondary";
}
