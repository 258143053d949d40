using Perennial.Authority.Issuance;
using Perennial.Authority.Issuers;
using Perennial.Authority.Specimens;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Impact;
using Perennial.Rolling.Rehearsals;
using Perennial.Rolling.Rolls;
using Perennial.X509;

namespace Perennial.Server.Rehearsals;

/// <summary>
/// Makes out what devices of a group will present: what the operator says, what a device presents that has moved already, what the profile of the
/// enrollment would issue, or else a leaf directly below the new certificate.
/// </summary>
internal sealed class MakeOutSpecimen(IPresentedChains chains, IProfileStore profiles, IIssuerStore issuers)
{
    private static readonly TimeSpan Usual = TimeSpan.FromDays(90);

    public async Task<(Specimen Specimen, NewLeaf Leaf)> RunAsync(
        Roll roll, Enrollment group, RehearsalTerms terms, IReadOnlyList<SeenMember> members, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var made = group.Mechanism.Certificates.Select(filled => filled.Certificate).First(certificate => certificate.Thumbprint == roll.New);
        if (terms.Specimen is { } text)
        {
            return OfOperator(text, made, members);
        }

        var profile = group.CredentialPolicy is { } name ? await profiles.FindAsync(name, cancellationToken) : null;
        if (members.FirstOrDefault(member => member.IsMoved) is { } moved && await FindChainAsync(moved, cancellationToken) is { } seen)
        {
            var leaf = seen.Chain.Leaf;
            return (Of(seen.Chain), new NewLeaf
            {
                Validity = profile?.Validity ?? leaf.NotAfter - leaf.NotBefore,
                Backdating = profile?.Backdating ?? TimeSpan.FromMinutes(5),
                IssuerEnd = FirstEnd([.. seen.Chain.Issuers, made]),
                IsIssuedHere = profile is not null,
            });
        }

        return profile is null ? Assumed(roll, group, made, members, at) : await OfProfileAsync(profile, roll, group, made, members, at, cancellationToken);
    }

    /// <summary>Reads the specimen that an operator gave.</summary>
    /// <returns>The specimen, and its common name when that is the id of no device of the roll.</returns>
    /// <exception cref="ArgumentException">It cannot be read.</exception>
    public static (Specimen Specimen, string? ForeignName) Read(string text, IReadOnlyList<SeenMember> members)
    {
        if (!Pem.TryReadCertificates(text, out var certificates, out var refusal) || !CertificateChain.TryCreate(certificates[0], [.. certificates.Skip(1)], out var chain, out refusal))
        {
            throw new ArgumentException($"The specimen cannot be read: {refusal.Detail}", nameof(text));
        }

        var specimen = Of(chain);
        return (specimen, members.Any(member => string.Equals(member.Device, specimen.Name, StringComparison.OrdinalIgnoreCase)) ? null : specimen.Name);
    }

    /// <summary>When the first of these authorities ends.</summary>
    public static DateTimeOffset FirstEnd(IEnumerable<Certificate> authorities) => authorities.Where(certificate => certificate.IsCertificateAuthority).Min(certificate => certificate.NotAfter);

    private static (Specimen, NewLeaf) OfOperator(string text, Certificate made, IReadOnlyList<SeenMember> members)
    {
        var (specimen, foreign) = Read(text, members);
        return (specimen, new NewLeaf
        {
            SpecimenEnd = specimen.Chain.Leaf.NotAfter,
            IssuerEnd = FirstEnd([.. specimen.Chain.Issuers, made]),
            ForeignName = foreign,
        });
    }

    private async Task<(Specimen, NewLeaf)> OfProfileAsync(
        CertificateProfile profile, Roll roll, Enrollment group, Certificate made, IReadOnlyList<SeenMember> members, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (await issuers.FindActiveAsync(profile.IssuerName, cancellationToken) is not { } slot)
        {
            var (assumed, leaf) = Assumed(roll, group, made, members, at);
            return (assumed, leaf with { IsAssumed = false, IssuerFault = $"The profile '{profile.Name}' names the issuer '{profile.IssuerName}', which has no active slot: nothing can be issued." });
        }

        if (slot.Certificate is null)
        {
            // Another authority signs: what it will issue is not known here.
            return Assumed(roll, group, made, members, at);
        }

        var above = new List<Certificate> { slot.Certificate };
        above.AddRange(slot.Above);
        var sent = above.Take(IssuedChain.MostOnWire - 1).ToList();
        return (
            Made(roll, group, above, sent, profile.Purposes, members, at, at - profile.Backdating, at + profile.Validity),
            new NewLeaf
            {
                Validity = profile.Validity,
                Backdating = profile.Backdating,
                IssuerEnd = FirstEnd([.. UpTo(above, made), made]),
                IsIssuedHere = true,
            });
    }

    private static (Specimen, NewLeaf) Assumed(Roll roll, Enrollment group, Certificate made, IReadOnlyList<SeenMember> members, DateTimeOffset at) => (
        Made(roll, group, [made], [], [ChainPolicyOptions.ClientAuthentication], members, at, at.AddMinutes(-5), at + Usual),
        new NewLeaf { IssuerEnd = made.NotAfter, IsAssumed = true });

    private static Specimen Made(
        Roll roll,
        Enrollment group,
        IReadOnlyList<Certificate> authorities,
        IReadOnlyList<Certificate> sent,
        IReadOnlyList<string> purposes,
        IReadOnlyList<SeenMember> members,
        DateTimeOffset at,
        DateTimeOffset notBefore,
        DateTimeOffset notAfter)
    {
        var name = members.Count > 0 ? members[0].Device : "specimen";
        var made = MakeSpecimen.Run(authorities, name, purposes, notBefore < at ? notBefore : at, notAfter);
        var chain = CertificateChain.TryCreate(made.Leaf, [.. sent.Select(certificate => made.StandInFor(certificate, authorities))], out var found, out var refusal)
            ? found
            : throw new InvalidOperationException(refusal.Detail);
        var old = group.Mechanism.Certificates.Select(filled => filled.Certificate).FirstOrDefault(certificate => certificate.Thumbprint == roll.Old);
        return new Specimen(chain, name, JudgeProspect.BytesOf(chain) - chain.Issuers.Sum(issuer => issuer.Der.Length) + sent.Sum(certificate => certificate.Der.Length))
        {
            Candidates = Candidates(group, made, authorities, without: null),
            CandidatesAfterwards = Candidates(group, made, authorities, roll.Old),
            OldAnchor = old is null ? null : made.StandInFor(old, authorities).Thumbprint,
        };
    }

    private static EnrollmentCandidates Candidates(Enrollment group, SpecimenChain made, IReadOnlyList<Certificate> authorities, Thumbprint? without)
    {
        var held = group.Mechanism.Certificates.Where(filled => filled.Certificate.Thumbprint != without).ToDictionary(filled => filled.Slot, filled => made.StandInFor(filled.Certificate, authorities));
        var slots = new CertificateSlots(held.GetValueOrDefault(Slot.Primary), held.GetValueOrDefault(Slot.Secondary));
        return new EnrollmentCandidates(null, null, [group with { Mechanism = new AttestationMechanism.Signers(slots) }]);
    }

    private static Specimen Of(CertificateChain chain) => new(chain, chain.Leaf.TryGetCommonName(out var name, out _) ? name.Value : "", JudgeProspect.BytesOf(chain));

    private static IEnumerable<Certificate> UpTo(IReadOnlyList<Certificate> above, Certificate anchor) =>
        above.Any(certificate => certificate.Thumbprint == anchor.Thumbprint) ? above.TakeWhile(certificate => certificate.Thumbprint != anchor.Thumbprint) : above;

    private async Task<PresentedChain?> FindChainAsync(SeenMember member, CancellationToken cancellationToken) =>
        Perennial.Provisioning.RegistrationId.TryParse(member.Device, out var id) ? await chains.FindAsync(id, cancellationToken) : null;
}
