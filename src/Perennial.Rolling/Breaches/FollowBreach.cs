using Perennial.Provisioning;
using Perennial.Provisioning.Blocks;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Impact;
using Perennial.X509;

namespace Perennial.Rolling.Breaches;

/// <summary>Opens breaches, and looks how far they are.</summary>
public sealed class FollowBreach(
    IBreachStore breaches, IEnrollmentStore enrollments, IBlockStore blocks, IDrainStore drains, IPresentedChains chains, TimeProvider time)
{
    /// <summary>Opens a breach, finds the one that is open already, or says in one sentence why it cannot be.</summary>
    /// <param name="procedure">What was compromised.</param>
    /// <param name="name">The registration id, or the id of the group.</param>
    /// <param name="slot">The slot that holds the compromised certificate; of a device of a group it is the leaf that it was last accepted with.</param>
    /// <param name="reason">Why.</param>
    /// <param name="actor">Who opens it.</param>
    /// <param name="cancellationToken">Stops before the write is taken up.</param>
    public async Task<(BreachCase? Opened, string? Fault)> OpenAsync(
        BreachProcedure procedure, string name, Slot slot, string reason, string actor, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(reason) || reason.Length > Block.MaxReasonLength)
        {
            return (null, $"Say in up to {Block.MaxReasonLength} characters what happened.");
        }

        var (key, device, compromised, fault) = procedure == BreachProcedure.GroupLeaf
            ? await OfDeviceAsync(name, cancellationToken)
            : await OfEnrollmentAsync(procedure, name, slot, cancellationToken);
        if (fault is not null)
        {
            return (null, fault);
        }

        var opened = new BreachCase
        {
            Id = Guid.CreateVersion7(time.GetUtcNow()).ToString("N"),
            Procedure = procedure,
            Enrollment = key!,
            Device = device,
            Compromised = compromised!,
            Reason = reason.Trim(),
            Actor = actor,
            At = time.GetUtcNow(),
        };
        return (await breaches.OpenAsync(opened, cancellationToken), null);
    }

    /// <summary>How far it is.</summary>
    public async Task<BreachStanding> LookAsync(BreachCase breach, CancellationToken cancellationToken)
    {
        var enrollment = await enrollments.FindAsync(breach.Enrollment, cancellationToken);
        var block = await blocks.FindAsync(breach.BlockKind, breach.Compromised.Thumbprint.ToString(), cancellationToken);
        var held = enrollment?.Mechanism.Certificates.ToList() ?? [];
        var old = held.Where(filled => filled.Certificate.Thumbprint == breach.Compromised.Thumbprint).Select(filled => (Slot?)filled.Slot).FirstOrDefault();
        var seen = breach.Device is { } name && RegistrationId.TryParse(name, out var id) ? await chains.FindAsync(id, cancellationToken) : null;
        var isUser = seen?.Chain.Leaf.Thumbprint == breach.Compromised.Thumbprint;
        return new BreachStanding
        {
            Breach = breach,
            Enrollment = enrollment,
            Block = block,
            Drain = block is { IsCut: false } ? await drains.ReadAsync(block.Kind, block.Name, cancellationToken) : null,
            OldSlot = old,
            IsReplaced = held.Any(filled => filled.Certificate.Thumbprint != breach.Compromised.Thumbprint),
            Users = breach.IsOfIssuer ? await breaches.CountUsersAsync(breach.Enrollment, breach.Compromised.Thumbprint, cancellationToken) : isUser ? 1 : 0,
            IsSeen = breach.IsOfIssuer || seen is not null,
        };
    }

    private async Task<(EnrollmentKey? Key, string? Device, Certificate? Compromised, string? Fault)> OfDeviceAsync(string name, CancellationToken cancellationToken)
    {
        if (!RegistrationId.TryParse(name, out var id) || await chains.FindAsync(id, cancellationToken) is not { } seen)
        {
            return (null, null, null, $"No certificate of a device '{name}' was ever accepted. Block the device by its registration id, or the certificate by its thumbprint.");
        }

        var candidates = await enrollments.FindCandidatesAsync(id, new DeviceProof.ByCertificate(seen.Chain), cancellationToken);
        return candidates is { Individual: null, Groups: [var group, ..] }
            ? (group.Key, id.Value, seen.Chain.Leaf, null)
            : (null, null, null, $"The device '{name}' is none of a group. Take the procedure for individual enrollments.");
    }

    private async Task<(EnrollmentKey? Key, string? Device, Certificate? Compromised, string? Fault)> OfEnrollmentAsync(
        BreachProcedure procedure, string name, Slot slot, CancellationToken cancellationToken)
    {
        var isIndividual = procedure == BreachProcedure.IndividualLeaf;
        EnrollmentKey? key = null;
        if (isIndividual && RegistrationId.TryParse(name, out var id))
        {
            key = EnrollmentKey.Individual(id);
        }
        else if (!isIndividual)
        {
            _ = EnrollmentKey.TryGroup(name, out key);
        }

        if (key is null || await enrollments.FindAsync(key, cancellationToken) is not { } enrollment)
        {
            return (null, null, null, isIndividual ? $"There is no individual enrollment '{name}'." : $"There is no enrollment group '{name}'.");
        }

        var compromised = enrollment.Mechanism.Certificates.Where(filled => filled.Slot == slot).Select(filled => filled.Certificate).FirstOrDefault();
        return compromised is null ? (null, null, null, $"The {(slot == Slot.Primary ? "primary" : "secondary")} slot of the {key} holds no certificate.")
            : procedure == BreachProcedure.Root && !compromised.IsSelfIssued ? (null, null, null, $"The certificate in the slot, {compromised.Subject.Text}, is no root: it was issued by {compromised.Issuer.Text}. Take the procedure for an intermediate.")
            : procedure == BreachProcedure.Intermediate && compromised.IsSelfIssued ? (null, null, null, $"The certificate in the slot, {compromised.Subject.Text}, is a root. Take the procedure for a root.")
            : (enrollment.Key, isIndividual ? enrollment.Key.Id : null, compromised, null);
    }
}
