using Perennial.Provisioning;
using Perennial.Provisioning.Attestation;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Impact;
using Perennial.Rolling.Rolls;
using Perennial.X509;

namespace Perennial.Rolling.Rehearsals;

/// <summary>Asks the attestation function of the chain that a class of devices has, and of the one that it will have.</summary>
/// <param name="enrollments">The enrollments.</param>
/// <param name="judge">Asks it of chains that were presented.</param>
/// <param name="attestation">The function.</param>
public sealed class JudgeProspect(IEnrollmentStore enrollments, JudgeChain judge, DeviceAttestation attestation)
{
    // Each certificate of a handshake is preceded by its length.
    private const int LengthBytes = 3;

    /// <param name="roll">The roll of a signing certificate.</param>
    /// <param name="group">Its group.</param>
    /// <param name="name">What the class is called.</param>
    /// <param name="longest">The longest-living of the present chains.</param>
    /// <param name="specimen">The chain that devices will present; null when it cannot be said.</param>
    /// <param name="at">The time.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<ChainProspect> RunAsync(
        Roll roll, Enrollment group, string name, PresentedChain longest, Specimen? specimen, DateTimeOffset at, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(roll);
        ArgumentNullException.ThrowIfNull(group);
        ArgumentNullException.ThrowIfNull(longest);
        var retired = ProposedEnrollments.Saved(Without(group, roll.Old!.Value));
        var present = await judge.RunAsync(longest, new TrustChange("retire the old certificate", retired), at, cancellationToken);
        var prospect = new ChainProspect
        {
            Name = name,
            OldEnd = present?.Before,
            IsTakenByNew = present?.After is not null,
            OldBytes = BytesOf(longest.Chain),
        };
        return specimen is null ? prospect : await JudgeNewAsync(prospect, roll, specimen, retired, at, cancellationToken);
    }

    public static int BytesOf(CertificateChain chain)
    {
        ArgumentNullException.ThrowIfNull(chain);
        return chain.Issuers.Append(chain.Leaf).Sum(certificate => certificate.Der.Length + LengthBytes);
    }

    private static Enrollment Without(Enrollment group, Thumbprint old) => group with
    {
        Mechanism = group.Mechanism switch
        {
            AttestationMechanism.Signers { Slots: var slots } => new AttestationMechanism.Signers(new CertificateSlots(Kept(slots.Primary, old), Kept(slots.Secondary, old))),
            AttestationMechanism.CaReferences references => new AttestationMechanism.CaReferences(
                references.Primary?.Certificate?.Thumbprint == old ? null : references.Primary,
                references.Secondary?.Certificate?.Thumbprint == old ? null : references.Secondary),
            var other => other,
        },
    };

    private static Certificate? Kept(Certificate? certificate, Thumbprint old) => certificate?.Thumbprint == old ? null : certificate;

    private async Task<ChainProspect> JudgeNewAsync(
        ChainProspect prospect, Roll roll, Specimen specimen, ProposedEnrollments retired, DateTimeOffset at, CancellationToken cancellationToken)
    {
        prospect = prospect with { NewBytes = specimen.Bytes };
        if (!RegistrationId.TryParse(specimen.Name, out var id))
        {
            return prospect;
        }

        if (!Authenticate.TryByCertificate(id, specimen.Chain, out var device, out var refused))
        {
            return prospect with { NewRefusal = refused };
        }

        var now = specimen.Candidates ?? await enrollments.FindCandidatesAsync(id, device.Proof, cancellationToken);
        var then = specimen.CandidatesAfterwards ?? await enrollments.FindCandidatesAsync(id, device.Proof, retired, cancellationToken);
        var (before, after) = (attestation.Attest(device, now, at), attestation.Attest(device, then, at));
        return prospect with
        {
            NewRefusal = (before as AttestationVerdict.Refused)?.Refusal,
            RefusalAfterwards = (after as AttestationVerdict.Refused)?.Refusal,
            IsNewTakenByOld = before is AttestationVerdict.Accepted { Anchor.Thumbprint: var anchor } && anchor == (specimen.OldAnchor ?? roll.Old),
        };
    }
}
