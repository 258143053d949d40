using Perennial.Provisioning;
using Perennial.Provisioning.Blocks;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Breaches;
using Perennial.Rolling.Impact;
using Perennial.Rolling.Rolls;

namespace Perennial.Server.Breach;

/// <summary>The steps out of a breach, each foreseen and done. Whoever asks, by the portal or the service API, does the same.</summary>
internal sealed class BreachSteps(IBreachStore breaches, BlockCredential block, SaveEnrollment save, CreateRoll create, IRollStore rolls, TimeProvider time)
{
    private const string Stale = "The enrollment was changed by someone else meanwhile. Nothing was saved; look at it again.";

    /// <summary>The name of the roll for a breach.</summary>
    public static string RollOf(BreachCase breach) => $"breach-{breach.Id}";

    /// <summary>The roll that was planned for it; null when none was.</summary>
    public Task<Roll?> FindRollAsync(BreachCase breach, CancellationToken cancellationToken) => rolls.FindAsync(RollOf(breach), cancellationToken);

    /// <summary>What the block would change, or one sentence why it cannot be.</summary>
    public async Task<(TrustChange? Change, string? Fault)> PlanBlockAsync(BreachCase breach, DrainTerms? drain, string actor, CancellationToken cancellationToken)
    {
        var (read, device, fault) = await block.ReadAsync(WishOf(breach, drain), actor, cancellationToken);
        return read is null ? (null, fault) : (PlanChange.OfBlock(read, device), null);
    }

    /// <summary>Blocks what was compromised, or changes the terms of the block that stands.</summary>
    /// <returns>What stands now, or one sentence why nothing was done.</returns>
    public async Task<(Block? Block, string? Fault)> BlockAsync(BreachCase breach, DrainTerms? drain, string actor, CancellationToken cancellationToken)
    {
        if (breach.Closed is not null)
        {
            return (null, Closed(breach));
        }

        var (read, _, fault) = await block.ReadAsync(WishOf(breach, drain), actor, cancellationToken);
        if (read is not null)
        {
            await block.SaveAsync(read, cancellationToken);
        }

        return (read, fault);
    }

    /// <summary>Plans a roll from the compromised certificate to the other one.</summary>
    /// <returns>One sentence why nothing was done; null when it is planned.</returns>
    public async Task<string?> RollAsync(BreachStanding standing, RollPlan plan, string actor, CancellationToken cancellationToken)
    {
        var breach = standing.Breach;
        if (breach.Closed is not null)
        {
            return Closed(breach);
        }

        if (standing.OldSlot is not { } slot || !standing.IsReplaced)
        {
            return "A roll needs the old certificate in one slot and the new one in the other. Bring the new one first.";
        }

        var outcome = breach.Enrollment.Kind == EnrollmentKind.Group
            ? await create.OfGroupAsync(RollOf(breach), breach.Enrollment, slot, RollReason.Breach, plan, actor, cancellationToken)
            : await create.OfLeavesAsync(
                RollOf(breach), RegistrationId.TryParse(breach.Enrollment.Id, out var id) ? [id] : [], slot, RollReason.Breach, plan, actor, cancellationToken);
        return outcome switch
        {
            RollOutcome.Done => null,
            RollOutcome.Invalid invalid => invalid.Sentence,
            _ => $"The roll '{RollOf(breach)}' for this breach was started already. See to it there.",
        };
    }

    /// <summary>What taking the compromised certificate out of the enrollment would change, or one sentence why it cannot be.</summary>
    public async Task<(TrustChange? Change, string? Fault)> PlanRemovalAsync(BreachStanding standing, CancellationToken cancellationToken)
    {
        if (standing is not { OldSlot: { } slot, IsReplaced: true, Enrollment: { } enrollment })
        {
            return (null, FaultOfRemoval(standing));
        }

        return await save.PlanAsync(EnrollmentDraft.Without(enrollment, slot), enrollment.ETag, cancellationToken) switch
        {
            SaveOutcome.Saved { Enrollment: var planned } => (PlanChange.OfSave(planned), null),
            SaveOutcome.Invalid invalid => (null, invalid.Sentence),
            _ => (null, Stale),
        };
    }

    /// <summary>Takes the compromised certificate out of the enrollment.</summary>
    /// <returns>One sentence why nothing was done; null when it is out.</returns>
    public async Task<string?> TakeOutAsync(BreachStanding standing, string actor, CancellationToken cancellationToken)
    {
        if (standing.Breach.Closed is not null)
        {
            return Closed(standing.Breach);
        }

        if (standing is not { OldSlot: { } slot, IsReplaced: true, Enrollment: { } enrollment })
        {
            return FaultOfRemoval(standing);
        }

        return await save.RunAsync(EnrollmentDraft.Without(enrollment, slot), enrollment.ETag, actor, cancellationToken) switch
        {
            SaveOutcome.Saved => null,
            SaveOutcome.Invalid invalid => invalid.Sentence,
            _ => Stale,
        };
    }

    /// <returns>One sentence why nothing was done; null when it is closed now.</returns>
    public async Task<string?> CloseAsync(BreachCase breach, string actor, CancellationToken cancellationToken) =>
        await breaches.TryCloseAsync(breach.Id, actor, time.GetUtcNow(), cancellationToken) ? null : Closed(breach);

    private static string Closed(BreachCase breach) => $"The breach '{breach.Id}' is closed already. Open another one when there is more to do.";

    private static string FaultOfRemoval(BreachStanding standing) =>
        standing.OldSlot is null
            ? $"The {standing.Breach.Enrollment} does not hold the compromised certificate."
            : $"The compromised certificate is the only one of the {standing.Breach.Enrollment}. Bring the new one first, or disable the enrollment.";

    private static BlockWish WishOf(BreachCase breach, DrainTerms? drain) => new(
        breach.BlockKind, breach.Compromised.Thumbprint.ToString(), breach.Reason, drain, X509.Pem.Write(breach.Compromised));
}
