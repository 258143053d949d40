using Perennial.Provisioning;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Impact;
using Perennial.Rolling.Rolls;
using Perennial.X509;

namespace Perennial.Server.Portal.Rolls;

/// <summary>Says what it would do to take the old certificate out now: who loses access by it is who has to move before.</summary>
internal sealed class PreviewRoll(IEnrollmentStore enrollments, SaveEnrollment save, PreviewImpact impact, TimeProvider time)
{
    /// <summary>Individual enrollments that are looked at.</summary>
    private const int MostLooked = 500;

    private const int NamesShown = 20;

    private static readonly ImpactOutcome[] Losses = [ImpactOutcome.LosesAtOnce, ImpactOutcome.LosesAtRegistration, ImpactOutcome.LosesEarlier];

    /// <returns>What it would do; or the sentence that says why there is no such roll.</returns>
    public async Task<(RollPreview? Preview, string? Fault)> RunAsync(IReadOnlyList<EnrollmentKey> keys, Slot old, RollPlan plan, CancellationToken cancellationToken)
    {
        var (counts, losing) = (new ImpactCounts(), new List<ImpactedDevice>());
        foreach (var key in keys.Take(MostLooked))
        {
            var (change, fault) = await ChangeAsync(key, old, cancellationToken);
            if (change is null)
            {
                return (null, fault);
            }

            counts = counts.Plus((await impact.RunAsync(change, cancellationToken)).Counts);
            foreach (var outcome in losing.Count < NamesShown ? Losses : [])
            {
                losing.AddRange((await impact.ListAsync(change, outcome, new PageRequest(null, NamesShown), cancellationToken))?.Items.Take(NamesShown - losing.Count) ?? []);
            }
        }

        var devices = keys.Count > MostLooked ? keys.Count : counts.Keeps + counts.Losing + counts.Unknown + counts.Gains;
        var now = time.GetUtcNow();
        var roll = new Roll { Id = "preview", Kind = RollKind.Leaf, Reason = RollReason.Policy, Plan = plan, State = RollState.Draft, Created = now };
        return (new RollPreview
        {
            Counts = counts,
            Losing = losing,
            IsAll = keys.Count <= MostLooked,
            Waves = [.. RollWave.Foresee(plan, [], 0, devices).Take(RollChart.MostWaves + 1)],
            LastOffer = RollForecast.Of(roll, new RollProgress(devices, 0, 0, devices, 0, null) { Pending = devices }, now).LastOffer,
        }, null);
    }

    /// <summary>The slot of a group that holds this certificate; null when none does.</summary>
    public async Task<Slot?> SlotOfAsync(EnrollmentKey group, Thumbprint? certificate, CancellationToken cancellationToken)
    {
        var mechanism = (await enrollments.FindAsync(group, cancellationToken))?.Mechanism;
        return certificate is null ? null
            : mechanism?.AnchorOf(Slot.Primary) == certificate ? Slot.Primary
            : mechanism?.AnchorOf(Slot.Secondary) == certificate ? Slot.Secondary
            : null;
    }

    private async Task<(TrustChange? Change, string? Fault)> ChangeAsync(EnrollmentKey key, Slot old, CancellationToken cancellationToken)
    {
        if (await enrollments.FindAsync(key, cancellationToken) is not { } enrollment
            || enrollment.Mechanism is not (AttestationMechanism.X509 or AttestationMechanism.CaReferences)
            || enrollment.Mechanism.AnchorOf(old) is null)
        {
            return (null, $"There is no {key} with a certificate in the {old.ToString().ToLowerInvariant()} slot. Name one that there is, or the other slot.");
        }

        var draft = EnrollmentDraft.Without(enrollment, old);
        return await save.PlanAsync(draft, enrollment.ETag, cancellationToken) switch
        {
            SaveOutcome.Saved saved => (PlanChange.OfSave(saved.Enrollment), null),
            SaveOutcome.Invalid invalid => (null, $"{key}: {invalid.Sentence} Stage the new certificate in the other slot first."),
            _ => (null, $"The {key} was changed meanwhile. Preview it again."),
        };
    }
}
