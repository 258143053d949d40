using Perennial.Authority.Issuers;
using Perennial.Provisioning;
using Perennial.Provisioning.Attestation;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Capacity;
using Perennial.Rolling.Impact;
using Perennial.Rolling.Rehearsals;
using Perennial.Rolling.Rolls;
using Perennial.Server.Limits;
using Perennial.Server.Storage.Sql;
using Perennial.X509;

namespace Perennial.Server.Rehearsals;

/// <summary>Takes the copy of the state that a roll is rehearsed on.</summary>
internal sealed class ReadScene(
    IEnrollmentStore enrollments,
    IPresentedChains chains,
    RehearsalFleetRows fleet,
    JudgeChain judge,
    DeviceAttestation attestation,
    MakeOutSpecimen specimens,
    IProfileStore profiles,
    SceneDevices devices,
    ReadIssuerScene issuers,
    ICapacityStore capacity,
    RateLimit? registrations,
    TimeProvider time)
{
    private readonly JudgeProspect _prospects = new(enrollments, judge, attestation);

    public async Task<RehearsalScene> RunAsync(Roll roll, RehearsalTerms terms, CancellationToken cancellationToken)
    {
        var (now, members, measured) = (time.GetUtcNow(), await fleet.ListAsync(roll, cancellationToken), await capacity.ReadAsync(cancellationToken));
        var scene = new RehearsalScene
        {
            Roll = roll,
            Enrollments = [],
            Devices = [],
            Leaf = new NewLeaf(),
            Start = now,
            DeviceBuffer = terms.LargestChain,
            Seed = terms.Seed,
            Measured = measured,
            Capacities = new Capacities
            {
                Issuances = terms.Capacities.Issuances ?? measured.Authority?.PerMinute,
                Registrations = terms.Capacities.Registrations ?? Smaller(PerMinute(registrations), measured.Provisioning?.PerMinute),
                Handshakes = terms.Capacities.Handshakes ?? measured.Hub?.PerMinute,
            },
        };
        return roll.Kind == RollKind.IssuingCa ? await issuers.RunAsync(scene, members, terms, cancellationToken)
            : roll.Group is { } key ? await OfGroupAsync(scene, await enrollments.FindAsync(key, cancellationToken), members, terms, cancellationToken)
            : await OfLeavesAsync(scene, members, terms, cancellationToken);
    }

    private static long? Smaller(long? one, long? other) => one is null ? other : other is null || one < other ? one : other;

    private static long? PerMinute(RateLimit? limit) => limit is null ? null : (long)(limit.Count / limit.Per.TotalMinutes);

    private async Task<RehearsalScene> OfGroupAsync(
        RehearsalScene scene, Enrollment? group, IReadOnlyList<SeenMember> members, RehearsalTerms terms, CancellationToken cancellationToken)
    {
        scene = scene with { Enrollments = group is null ? [] : [group] };
        if (scene.Signer(scene.Roll.New) is null)
        {
            return scene with { Devices = await devices.RunAsync(scene, members, terms, _ => (null, null), cancellationToken) };
        }

        var (specimen, leaf) = await specimens.RunAsync(scene.Roll, group!, terms, members, scene.Start, cancellationToken);
        var prospects = new Dictionary<string, ChainProspect>();
        foreach (var shape in members.Where(member => member.Shape is not null).GroupBy(member => member.Shape!))
        {
            if (await FindChainAsync(shape.MaxBy(member => member.LeafEnd)!.Device, cancellationToken) is { } longest)
            {
                prospects[shape.Key] = await _prospects.RunAsync(
                    scene.Roll, group!, $"the leaves of '{longest.Chain.Leaf.Issuer.Text}'", longest, specimen, scene.Start, cancellationToken);
            }
        }

        return scene with
        {
            Leaf = leaf,
            Devices = await devices.RunAsync(
                scene, members, terms, member => (member.Shape is null ? null : prospects.GetValueOrDefault(member.Shape), null), cancellationToken),
        };
    }

    private async Task<RehearsalScene> OfLeavesAsync(RehearsalScene scene, IReadOnlyList<SeenMember> members, RehearsalTerms terms, CancellationToken cancellationToken)
    {
        var (held, prospects, leaf) = (new List<Enrollment>(), new Dictionary<string, (ChainProspect?, DateTimeOffset?)>(), new NewLeaf());
        foreach (var member in members)
        {
            if (!RegistrationId.TryParse(member.Device, out var id)
                || await enrollments.FindAsync(EnrollmentKey.Individual(id), cancellationToken) is not { Mechanism: AttestationMechanism.Leaves { Slots: var slots } } enrollment)
            {
                continue;
            }

            held.Add(enrollment);
            var staged = slots.Filled().Select(filled => filled.Certificate).FirstOrDefault(certificate => certificate.Thumbprint != member.Old);
            prospects[member.Device] = (ProspectOf(id, enrollment, member, staged, scene.Start), staged?.NotAfter);
            if (staged is null && !leaf.IsIssuedHere && leaf.IssuerFault is null)
            {
                leaf = await LeafOfProfileAsync(enrollment, cancellationToken);
            }
        }

        return scene with
        {
            Enrollments = held,
            Leaf = leaf,
            Devices = await devices.RunAsync(scene, members, terms, member => prospects.GetValueOrDefault(member.Device), cancellationToken),
        };
    }

    private ChainProspect ProspectOf(RegistrationId id, Enrollment enrollment, SeenMember member, Certificate? staged, DateTimeOffset at)
    {
        var prospect = new ChainProspect { Name = "the staged leaves", OldEnd = member.LeafEnd };
        if (staged is null || !CertificateChain.TryCreate(staged, [], out var chain, out _))
        {
            return prospect with { Name = "leaves that are yet to be obtained" };
        }

        var bytes = JudgeProspect.BytesOf(chain);
        var isIts = Authenticate.TryByCertificate(id, chain, out var device, out var refusal);
        var verdict = isIts ? attestation.Attest(device!, new EnrollmentCandidates(enrollment, null, []), at) : null;
        return prospect with { NewBytes = bytes, OldBytes = bytes, NewRefusal = refusal ?? (verdict as AttestationVerdict.Refused)?.Refusal };
    }

    private async Task<NewLeaf> LeafOfProfileAsync(Enrollment enrollment, CancellationToken cancellationToken) =>
        enrollment.CredentialPolicy is { } name && await profiles.FindAsync(name, cancellationToken) is { } profile
            ? new NewLeaf { Validity = profile.Validity, Backdating = profile.Backdating, IsIssuedHere = true }
            : new NewLeaf { IssuerFault = $"The {enrollment.Key} holds no other leaf and names no profile: its device has nothing to roll to." };

    private async Task<PresentedChain?> FindChainAsync(string device, CancellationToken cancellationToken) =>
        RegistrationId.TryParse(device, out var id) ? await chains.FindAsync(id, cancellationToken) : null;
}
