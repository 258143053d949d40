using Perennial.Authority.Issuance;
using Perennial.Authority.Issuers;
using Perennial.Authority.Specimens;
using Perennial.Provisioning;
using Perennial.Provisioning.Enrollments;
using Perennial.Provisioning.Issuance;
using Perennial.Rolling.Rehearsals;
using Perennial.X509;

namespace Perennial.Server.Rehearsals;

/// <summary>Makes out what a new issuing authority will issue the devices of an enrollment, by the profile that it names; or why it will not.</summary>
internal sealed class MakeOutIssued(IProfileStore profiles, IIssuedLeafStore leaves, TimeProvider time)
{
    public async Task<IssuedClass> ClassOfAsync(SeenMember member, Enrollment? enrollment, CancellationToken cancellationToken)
    {
        if (enrollment is null)
        {
            return new IssuedClass("", "devices without an enrollment", null, HasFreeSlot: true);
        }

        if (enrollment.Key.Kind == EnrollmentKind.Group)
        {
            return new IssuedClass($"{enrollment.Key} {member.Shape}", $"the {enrollment.Key}", enrollment, HasFreeSlot: true);
        }

        var isFree = await HasFreeSlotAsync(member, enrollment, cancellationToken);
        var traits = $"{enrollment.IsEnabled} {isFree} {enrollment.Mechanism.GetType().Name} {enrollment.CredentialPolicy}";
        var name = enrollment.CredentialPolicy is { } policy ? $"the individual enrollments with the profile '{policy}'" : "the individual enrollments without a profile";
        return new IssuedClass($"individual {traits} {member.Shape}", name, enrollment, isFree);
    }

    /// <returns>A chain as devices of the class will present it, their leaf, and whether the new authority will issue it; no chain when that is not so.</returns>
    public async Task<(Specimen? Specimen, NewLeaf Leaf, bool IsOfNew)> RunAsync(
        RehearsalScene scene, IssuedClass lot, string device, IReadOnlyList<SeenMember> members, RehearsalTerms terms, CancellationToken cancellationToken)
    {
        var (enrollment, next) = (lot.Enrollment!, scene.Issuers!.Next);
        var profile = enrollment.CredentialPolicy is { } name ? await profiles.FindAsync(name, cancellationToken) : null;
        if (profile is null || FaultOf(lot, profile) is not null)
        {
            return (null, (profile is null ? WithoutProfile(enrollment) : FaultOf(lot, profile)!) with { IsIssuedHere = true }, IsOfNew: true);
        }

        if (!string.Equals(profile.IssuerName, scene.Roll.Issuer, StringComparison.OrdinalIgnoreCase))
        {
            return (null, new NewLeaf { Backdating = profile.Backdating, IsIssuedHere = true }, IsOfNew: false);
        }

        if (terms.Specimen is { } text)
        {
            var (given, foreign) = MakeOutSpecimen.Read(text, members);
            var end = MakeOutSpecimen.FirstEnd([.. given.Chain.Issuers, next.Own]);
            return (given, new NewLeaf { SpecimenEnd = given.Chain.Leaf.NotAfter, IssuerEnd = end, ForeignName = foreign, IsIssuedHere = true }, given.Chain.Leaf.IsSignedBy(next.Own));
        }

        return (Made(next.Chain, profile, device, scene.Start), LeafOf(profile, next.Chain, scene.Start), IsOfNew: true);
    }

    // A leaf does not begin before the authority that issues it.
    private static NewLeaf LeafOf(CertificateProfile profile, IReadOnlyList<Certificate> authorities, DateTimeOffset at)
    {
        var age = at - authorities[0].NotBefore;
        return new NewLeaf
        {
            Validity = profile.Validity,
            Backdating = age < profile.Backdating && age > TimeSpan.Zero ? age : profile.Backdating,
            IssuerEnd = MakeOutSpecimen.FirstEnd(authorities),
            IsIssuedHere = true,
        };
    }

    private static Specimen Made(IReadOnlyList<Certificate> authorities, CertificateProfile profile, string device, DateTimeOffset at)
    {
        var sent = authorities.Take(IssuedChain.MostOnWire - 1).ToList();
        var made = MakeSpecimen.Run(authorities, device, profile.Purposes, at - profile.Backdating, at + profile.Validity);
        var chain = CertificateChain.TryCreate(made.Leaf, [.. made.Authorities.Take(sent.Count)], out var found, out var refusal)
            ? found
            : throw new InvalidOperationException(refusal.Detail);
        return new Specimen(chain, device, JudgeProspect.BytesOf(chain) - chain.Issuers.Sum(issuer => issuer.Der.Length) + sent.Sum(certificate => certificate.Der.Length))
        {
            StandIns = [.. authorities.Zip(made.Authorities)],
        };
    }

    private static NewLeaf WithoutProfile(Enrollment enrollment) => enrollment.CredentialPolicy is { } name
        ? new NewLeaf { IssuerFault = $"The {enrollment.Key} names the certificate profile '{name}', which is not there: its devices obtain nothing.", IssuerRemedy = "Save that profile, or name another one in the enrollment." }
        : new NewLeaf { IssuerFault = $"The {enrollment.Key} names no certificate profile: its devices obtain nothing.", IssuerRemedy = "Name a profile of this issuer in the enrollment, or waive its devices." };

    private static NewLeaf? FaultOf(IssuedClass lot, CertificateProfile profile) => lot.Enrollment is not { Mechanism: AttestationMechanism.Leaves } enrollment ? null
        : !profile.AllowsSelfRoll ? FaultOf(enrollment, LeafRefusals.SelfRollNotAllowed)
        : !lot.HasFreeSlot ? FaultOf(enrollment, LeafRefusals.NoFreeSlot)
        : null;

    private static NewLeaf FaultOf(Enrollment enrollment, RefusalReason reason) => new()
    {
        IssuerFault = $"The device of the {enrollment.Key}, and others like it, would be given no leaf ({reason.Number}): {reason.Title}",
        IssuerRemedy = reason.Remedy,
    };

    private async Task<bool> HasFreeSlotAsync(SeenMember member, Enrollment enrollment, CancellationToken cancellationToken)
    {
        if (enrollment.Mechanism is not AttestationMechanism.Leaves { Slots: { Primary: { } primary, Secondary: { } secondary } })
        {
            return true;
        }

        var other = member.Leaf == secondary.Thumbprint ? primary : secondary;
        return other.NotAfter < time.GetUtcNow()
            || (RegistrationId.TryParse(member.Device, out var id)
                && (await leaves.ListAsync(id, cancellationToken)).Any(placed => placed.Thumbprint == other.Thumbprint && placed.Proven is null));
    }
}
