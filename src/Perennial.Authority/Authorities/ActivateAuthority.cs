using Perennial.Authority.Issuance;
using Perennial.Authority.Issuers;
using Perennial.Authority.Keys;
using Perennial.X509;

namespace Perennial.Authority.Authorities;

/// <summary>
/// Takes the certificate that a root elsewhere signed for a prepared slot, and makes the slot the active one. Before, a trial shows that
/// the certificate of a device below it passes every check that devices meet: the trial is journaled and never delivered.
/// </summary>
/// <param name="issuers">The issuer slots.</param>
/// <param name="journal">The journal of signatures.</param>
/// <param name="keys">The keys of the slots.</param>
/// <param name="policy">Judges the trial.</param>
/// <param name="time">The clock.</param>
public sealed class ActivateAuthority(IIssuerStore issuers, IIssuanceJournal journal, OpenIssuers keys, ChainPolicy policy, TimeProvider time)
{
    private const string Trial = "activation-trial";

    /// <summary>Checks and activates.</summary>
    /// <param name="chain">The certificate of the authority first, then all above it up to the root.</param>
    /// <param name="actor">Who asked for it.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="KeyUnavailableException">The key of the slot cannot be used.</exception>
    /// <exception cref="IssuerChangedException">Somebody else changed the issuer meanwhile.</exception>
    public async Task<ActivationOutcome> RunAsync(IReadOnlyList<Certificate> chain, string actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(chain);
        if (chain.Count == 0 || (await issuers.ListAsync(cancellationToken)).FirstOrDefault(slot => IsMeant(slot, chain[0])) is not { } prepared)
        {
            return new ActivationOutcome.Refused(new(
                AuthorityRefusals.KeyOfNoSlot, $"{(chain.Count == 0 ? "Nothing" : chain[0])} is for no key of a prepared slot."));
        }

        var (slot, refusal) = Arrange(prepared, chain);
        refusal ??= await TryAsync(slot, actor, cancellationToken);
        if (refusal is not null)
        {
            keys.Forget(prepared.Id);
            return new ActivationOutcome.Refused(refusal);
        }

        return new ActivationOutcome.Activated(
            await IssuerChanges.ActivateAsync(issuers, slot, actor, $"signed by {chain[^1].Subject}", time, cancellationToken));
    }

    private static bool IsMeant(IssuerSlot slot, Certificate own) =>
        slot.State == IssuerState.Prepared && slot.KeyThumbprint == own.KeyThumbprint;

    private (IssuerSlot Slot, Refusal? Refusal) Arrange(IssuerSlot prepared, IReadOnlyList<Certificate> chain)
    {
        var above = new List<Certificate>();
        var below = chain[0];
        while (!(below.IsSelfIssued && below.IsSignedBy(below)) && above.Count < CertificateChain.MaxIssuers)
        {
            if (chain.FirstOrDefault(other => other.Subject.Key == below.Issuer.Key && below.IsSignedBy(other)) is not { } issuer)
            {
                break;
            }

            above.Add(issuer);
            below = issuer;
        }

        var active = prepared with { State = IssuerState.Active, Since = time.GetUtcNow(), Certificate = chain[0], Above = above };
        var refusal = !chain[0].IsCertificateAuthority
            ? new Refusal(CertificateRefusals.NotAnAuthority, $"{chain[0]} has no basic constraints CA:TRUE.")
            : above.Count > 0 && below.IsSelfIssued && below.IsSignedBy(below)
                ? null
                : new Refusal(AuthorityRefusals.ChainWithoutRoot, $"Above {below} nothing in the file signed it.");
        return (active, refusal);
    }

    private async Task<Refusal?> TryAsync(IssuerSlot slot, string actor, CancellationToken cancellationToken)
    {
        var (leaf, refusal) = await new SignTrial(journal, Trial, time).RunAsync(await keys.OpenAsync(slot, cancellationToken), actor, cancellationToken);
        if (leaf is null)
        {
            return refusal;
        }

        return CertificateChain.TryCreate(leaf, [slot.Certificate!, .. slot.Above], out var presented, out refusal)
            ? policy.FindPaths(presented, [slot.Above[^1]], time.GetUtcNow()).Refusal
            : refusal;
    }
}
