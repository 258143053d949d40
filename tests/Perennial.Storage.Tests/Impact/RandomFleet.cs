using Perennial.Hub.Devices;
using Perennial.Hub.Sessions;
using Perennial.Provisioning;
using Perennial.Provisioning.Attestation;
using Perennial.Provisioning.Blocks;
using Perennial.Provisioning.CaCertificates;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Impact;
using Perennial.Rolling.Sightings;
using Perennial.Storage.Tests.Suites;
using Perennial.TestCertificates;
using Perennial.X509;

namespace Perennial.Storage.Tests.Impact;

/// <summary>A fleet drawn at random on one database: enrollments, devices that tried to register, and what happened since.</summary>
internal sealed class RandomFleet(Stores stores, FleetAuthorities authorities, Tape tape, string prefix)
{
    private const string FollowingHub = "following";

    private const string OtherHub = "other";
    private const int Devices = 14;

    private static readonly TimeSpan Skew = FleetHub.Skew;

    private readonly FleetHub _following = new(stores, FollowingHub, HubBehaviour.FollowEnrollment);
    private readonly FleetHub _other = new(stores, OtherHub, HubBehaviour.Azure);
    private readonly IReadOnlyList<TestAuthority> _lines = [.. Enumerable.Range(0, 3).Select(_ => tape.Pick(authorities.Signers))];
    private readonly Dictionary<string, CertificateChain> _presented = [];
    private readonly Dictionary<string, FleetHub?> _hubs = [];
    private FleetIssuers? _issuers;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private DateTimeOffset Now => stores.Time.GetUtcNow();

    private string CaName => $"{prefix}-ca";

    private IReadOnlyList<EnrollmentKey> GroupKeys => [.. Enumerable.Range(0, 3).Select(i => Samples.Group($"{prefix}-g{i}"))];

    private IReadOnlyList<string> Names => [.. Enumerable.Range(0, Devices).Select(i => $"{prefix}-Dev{i}")];

    private FleetIssuers Issuers => _issuers ??= new(stores, _lines, tape, prefix);

    private PreviewImpact Preview => PreviewOf(stores);

    public static PreviewImpact PreviewOf(Stores stores) =>
        new(stores.Chains, stores.PresentedKeys, new JudgeChain(stores.Enrollments, FleetHub.Attestation, Skew), new HashSet<string> { FollowingHub }, stores.Time);

    public async Task GrowAsync()
    {
        await Issuers.GrowAsync();
        await stores.CaCertificates.TrySaveAsync(
            new CaCertificate { Name = CaName, Certificate = PickSigner(), IsVerified = true, ETag = "1", Created = Now, LastUpdated = Now },
            null, "save", "test", Stop);
        await SaveAsync(Samples.GroupOf(GroupKeys[0].Id, "r", authorities.Root.Certificate, tape.OneIn(2) ? authorities.Rolled.Certificate : null));
        foreach (var key in GroupKeys.Skip(1))
        {
            await SaveAsync(Draw(key));
        }

        foreach (var name in Names)
        {
            await TryRegisterAsync(name);
        }

        stores.Time.Advance(TimeSpan.FromDays(tape.Choose(12)));
        await DisturbAsync();
    }

    /// <summary>Draws a change, previews it, makes it, and tells what was foretold and what every device found.</summary>
    public async Task<(string Change, IReadOnlyDictionary<string, string> Foretold, IReadOnlyDictionary<string, string> Found, ImpactSummary Summary)> ChangeAsync()
    {
        var (change, make) = await DrawChangeAsync();
        var summary = await Preview.RunAsync(change, Stop);
        var foretold = new Dictionary<string, string>();
        foreach (var outcome in Enum.GetValues<ImpactOutcome>())
        {
            for (PageRequest? page = new(null, 1 + tape.Choose(4)); page is not null;)
            {
                var found = (await Preview.ListAsync(change, outcome, page, Stop))!;
                foreach (var device in found.Items)
                {
                    foretold.Add(device.Device.ToUpperInvariant(), $"{outcome} {Shown(device.End)}");
                }

                page = found.Next is null ? null : page with { After = found.Next };
            }
        }

        var before = await LookAsync(change);
        await make();
        var after = await LookAsync(change);
        return (change.Sentence, foretold, Outcomes(change, before, after), summary);
    }

    private Dictionary<string, string> Outcomes(
        TrustChange change,
        Dictionary<string, Found> before,
        Dictionary<string, Found> after)
    {
        var outcomes = new Dictionary<string, string>();
        foreach (var name in _presented.Keys)
        {
            var ((byBefore, wasDrained, was, wasOn), (byAfter, isDrained, willBe, isOn)) = (before[name], after[name]);
            var isConcerned = (was is null) != (willBe is null) || wasDrained != isDrained || byBefore || byAfter || wasOn != isOn;
            var outcome = (was, willBe) switch
            {
                _ when !isConcerned => (ImpactOutcome?)null,
                _ when wasOn == true && isOn == false => isDrained ? ImpactOutcome.Drains : ImpactOutcome.LosesAtOnce,
                _ when wasOn == false && isOn == true => ImpactOutcome.Gains,
                _ when isDrained && !wasDrained => ImpactOutcome.Drains,
                (null, null) when wasDrained && !isDrained => ImpactOutcome.LosesAtOnce,
                (null, null) => null,
                (null, _) => ImpactOutcome.Gains,
                (_, null) => _hubs[name] == _following ? ImpactOutcome.LosesAtOnce : ImpactOutcome.LosesAtRegistration,
                _ => willBe < was ? ImpactOutcome.LosesEarlier : ImpactOutcome.Keeps,
            };
            if (outcome is { } known)
            {
                outcomes.Add(name.ToUpperInvariant(), $"{known} {(known is ImpactOutcome.LosesAtOnce or ImpactOutcome.Drains ? "" : Shown(willBe))}");
            }
        }

        if (change.Only is { } only && !_presented.Keys.Contains(only.Id, StringComparer.OrdinalIgnoreCase))
        {
            outcomes.Add(only.Id.ToUpperInvariant(), $"{ImpactOutcome.Unknown} ");
        }

        return outcomes;
    }

    private static string Shown(DateTimeOffset? end) => end is { } at ? $"{at:yyyy-MM-dd HH:mm}" : "";

    // Every device tries, now and as time goes on: until when is it accepted?
    private async Task<Dictionary<string, Found>> LookAsync(TrustChange change)
    {
        var found = new Dictionary<string, Found>();
        foreach (var (name, chain) in _presented)
        {
            var verdict = await AttestAsync(name, chain, Now);
            var byChanged = verdict is AttestationVerdict.Accepted { Enrollment.Key: var key } && change.Proposed.Concerns(key);
            var isOn = _hubs[name] == _other ? await _other.TryAsync(name, new PresentedCredential.ByCertificate(chain), Now) is DeviceVerdict.Accepted : (bool?)null;
            found.Add(name, new Found(byChanged, verdict is AttestationVerdict.Refused { Drained: not null }, await EndAsync(name, chain), isOn));
        }

        return found;
    }

    private async Task<DateTimeOffset?> EndAsync(string name, CertificateChain chain)
    {
        if (await AttestAsync(name, chain, Now) is AttestationVerdict.Refused)
        {
            return null;
        }

        var certificates = authorities.Signers.Select(signer => signer.Certificate).Append(chain.Leaf).ToList();
        var looks = certificates.Select(c => (Last: c.NotAfter, Look: c.NotAfter + Skew + TimeSpan.FromSeconds(1)))
            .Concat(certificates.Select(c => (Last: c.NotBefore, Look: c.NotBefore - Skew)))
            .Where(look => look.Look > Now).Distinct().OrderBy(look => look.Look);
        foreach (var (last, look) in looks)
        {
            if (await AttestAsync(name, chain, look) is AttestationVerdict.Refused)
            {
                return last;
            }
        }

        return chain.Leaf.NotAfter;
    }

    private async Task<AttestationVerdict> AttestAsync(string name, CertificateChain chain, DateTimeOffset at)
    {
        var id = Samples.Id(name);
        Assert.True(Authenticate.TryByCertificate(id, chain, out var device, out _));
        return FleetHub.Attestation.Attest(device, await stores.Enrollments.FindCandidatesAsync(id, device.Proof, Stop), at);
    }

    private async Task TryRegisterAsync(string name)
    {
        var signer = tape.Pick(_lines);
        using var leaf = DrawLeaf(name, signer);
        var above = tape.OneIn(6) ? [] : authorities.Above[signer].Concat(tape.OneIn(2) ? [tape.Pick(_lines)] : []).ToArray();
        var chain = Samples.Chain(leaf, above);
        if (tape.OneIn(5))
        {
            await SaveAsync(Samples.Individual(name, "1", leaf.Certificate) with { IsEnabled = !tape.OneIn(4) });
        }

        if (tape.OneIn(4) && await stores.Enrollments.FindAsync(tape.Pick(GroupKeys), Stop) is { } group && group.Mechanism is not AttestationMechanism.SymmetricKeys)
        {
            await Issuers.RecordAsync(name, leaf, signer, group);
        }

        if (await AttestAsync(name, chain, Now) is not AttestationVerdict.Accepted accepted)
        {
            return;
        }

        var hub = tape.Pick([_following, _other, null]);
        await stores.Sightings.RecordAsync(Sighting.Of(accepted, SightingPath.Provisioning), Stop);
        if (hub is not null)
        {
            DeviceCredential credential = hub == _other ? DeviceCredential.Thumbprints.Of(leaf.Certificate.Thumbprint) : new DeviceCredential.FollowsEnrollment(
                name, new EnrollmentReference(accepted.Enrollment.Key.Kind == EnrollmentKind.Group, accepted.Enrollment.Key.Id), leaf.Certificate.Thumbprint);
            await hub.Devices.TryCreateAsync(HubSamples.Device(name, credential: credential), "test", Stop);
        }

        if (!tape.OneIn(4))
        {
            await stores.Registrations.TryCommitAsync(Samples.Registration(name, "1", accepted.Enrollment.Key, leaf.Certificate), null, [], Stop);
        }

        _presented.Add(name, chain);
        _hubs.Add(name, hub);
    }

    private TestCertificate DrawLeaf(string name, TestAuthority signer)
    {
        var options = new TestCertificateOptions
        {
            NotAfter = FleetAuthorities.Start.AddDays(tape.Pick([3, 8, 30, 45, 300])).AddMinutes(tape.Choose(600)),
            DnsNames = tape.Pick<IReadOnlyList<string>>([[], ["d.a.example"], ["d.b.example"]]),
            HasKeyIdentifiers = !tape.OneIn(3),
        };
        return tape.OneIn(8) ? TestAuthority.CreateSelfSignedLeaf(name, options) : signer.IssueLeaf(name, options);
    }

    // What may happen between the sightings and the change.
    private async Task DisturbAsync()
    {
        if (tape.OneIn(3))
        {
            await SaveAsync(Draw(PickGroup()));
        }
        else if (tape.OneIn(3) && await stores.Enrollments.FindAsync(PickGroup(), Stop) is { } group)
        {
            await SaveAsync(group with { IsEnabled = !group.IsEnabled });
        }

        var name = tape.Pick(Names);
        if (tape.OneIn(4))
        {
            await DrawBlock(EnrollmentKey.Individual(Samples.Id(tape.Pick(Names)))).Make();
        }

        if (tape.OneIn(3))
        {
            await stores.Enrollments.DeleteAsync(EnrollmentKey.Individual(Samples.Id(name)), null, "test", Stop);
        }
        else if (tape.OneIn(3) && _presented.TryGetValue(name, out var chain))
        {
            await SaveAsync(Samples.Individual(name, "x", chain.Leaf));
        }

        if (tape.OneIn(3) && _presented.Count > 0 && tape.Pick([.. _presented.Keys]) is var moved && _hubs[moved] is { } left)
        {
            await left.Devices.TryDeleteAsync(HubSamples.Id(moved), "1", "test", Stop);
            _hubs[moved] = null;
        }
    }

    private async Task<(TrustChange Change, Func<Task> Make)> DrawChangeAsync()
    {
        var plan = new PlanChange(stores.Enrollments, stores.CaCertificates);
        var group = PickGroup();
        var individual = EnrollmentKey.Individual(Samples.Id(tape.Pick(Names)));
        switch (tape.Choose(10))
        {
            case 0:
                return (PlanChange.OfDelete(group), () => stores.Enrollments.DeleteAsync(group, null, "test", Stop));
            case 1:
                return (PlanChange.OfDelete(individual), () => stores.Enrollments.DeleteAsync(individual, null, "test", Stop));
            case 2:
                var own = _presented.FirstOrDefault(device => string.Equals(device.Key, individual.Id, StringComparison.OrdinalIgnoreCase)).Value?.Leaf;
                using (var new_ = TestAuthority.CreateSelfSignedLeaf(individual.Id))
                {
                    var saved = await StoredAsync(Samples.Individual(individual.Id, "i", own ?? new_.Certificate, own is null || tape.OneIn(2) ? null : new_.Certificate) with
                    {
                        IsEnabled = !tape.OneIn(3),
                    });
                    return (PlanChange.OfSave(saved), () => SaveAsync(saved));
                }

            case 3:
                var ca = (await stores.CaCertificates.FindAsync(CaName, Stop))!;
                return (await plan.OfDeleteAsync(ca, Stop), () => stores.CaCertificates.DeleteAsync(CaName, null, "test", Stop));
            case 4:
            case 5:
                var standing = (await stores.Blocks.ListAsync(new PageRequest(null, 10), Stop)).Items;
                return standing.Count > 0 && tape.OneIn(2) ? Lift(tape.Pick(standing)) : DrawBlock(individual);
            case 6:
                return Issuers.DrawRevocation();
            default:
                var drawn = await StoredAsync(tape.OneIn(4) && await stores.Enrollments.FindAsync(group, Stop) is { } held
                    ? held with { IsEnabled = !held.IsEnabled }
                    : Draw(group));
                return await stores.Enrollments.CheckAsync(drawn, (await stores.Enrollments.FindAsync(group, Stop))?.ETag, Stop) is EnrollmentWrite.Saved
                    ? (PlanChange.OfSave(drawn), () => SaveAsync(drawn))
                    : (PlanChange.OfDelete(group), () => stores.Enrollments.DeleteAsync(group, null, "test", Stop));
        }
    }

    private (TrustChange Change, Func<Task> Make) DrawBlock(EnrollmentKey individual)
    {
        var (issuer, device) = (tape.Pick(_lines).Certificate, Samples.Id(individual.Id));
        var leaf = _presented.GetValueOrDefault(individual.Id)?.Leaf;
        var block = new Block { Kind = BlockKind.Device, Name = individual.Id, Reason = "stolen", Actor = "test", At = Now };
        var drain = tape.OneIn(2) ? new DrainTerms() : null;
        var (drawn, concerned) = tape.Choose(4) switch
        {
            0 => (block with { Kind = BlockKind.Issuer, Name = issuer.Thumbprint.ToString(), Issuer = issuer, Drain = drain }, null),
            1 when leaf is not null => (block with { Kind = BlockKind.Certificate, Name = leaf.Thumbprint.ToString(), Drain = drain }, device),
            2 => (block with { Kind = BlockKind.Group, Name = PickGroup().Id }, null),
            _ => (block, device),
        };
        return (PlanChange.OfBlock(drawn, concerned), () => stores.Blocks.SaveAsync(drawn, Stop));
    }

    private (TrustChange Change, Func<Task> Make) Lift(Block block)
    {
        var held = _presented.FirstOrDefault(device => device.Value.Leaf.Thumbprint.ToString().Equals(block.Name, StringComparison.OrdinalIgnoreCase)).Key;
        var concerned = block.Kind is BlockKind.Device ? block.Name : held;
        return (
            PlanChange.OfUnblock(block, concerned is null ? null : Samples.Id(concerned)),
            () => stores.Blocks.TryDeleteAsync(block.Kind, block.Name, "test", Stop));
    }

    private Enrollment Draw(EnrollmentKey key)
    {
        var (primary, secondary) = (PickSigner(), tape.OneIn(2) ? PickSigner() : null);
        var slots = new CertificateSlots(primary, secondary?.Thumbprint == primary.Thumbprint ? null : secondary);
        AttestationMechanism mechanism = tape.OneIn(4)
            ? new AttestationMechanism.CaReferences(new CaReference(CaName, null, IsVerified: false), null)
            : new AttestationMechanism.Signers(slots);
        return Samples.GroupOf(key.Id, "d", primary) with
        {
            Mechanism = mechanism,
            IsEnabled = !tape.OneIn(5),
            Created = FleetAuthorities.Start.AddMinutes(tape.Choose(3)),
        };
    }

    private EnrollmentKey PickGroup() => tape.OneIn(2) ? GroupKeys[0] : tape.Pick(GroupKeys);

    private Certificate PickSigner() => (tape.Choose(3) switch { 0 => tape.Pick(_lines), 1 => authorities.Root, _ => tape.Pick(authorities.Signers) }).Certificate;

    // As it would be stored: the time of creation stays, and names stand for what they stand for.
    private async Task<Enrollment> StoredAsync(Enrollment enrollment)
    {
        var stored = await stores.Enrollments.FindAsync(enrollment.Key, Stop);
        var mechanism = enrollment.Mechanism is AttestationMechanism.CaReferences
            ? new AttestationMechanism.CaReferences((await stores.Enrollments.FindReferencesAsync([CaName], Stop))[0], null)
            : enrollment.Mechanism;
        return enrollment with { Mechanism = mechanism, Created = stored?.Created ?? enrollment.Created, ETag = Guid.NewGuid().ToString() };
    }

    private async Task SaveAsync(Enrollment enrollment)
    {
        var stored = await stores.Enrollments.FindAsync(enrollment.Key, Stop);
        await stores.Enrollments.SaveAsync(await StoredAsync(enrollment) with { ETag = enrollment.ETag + "s" }, stored?.ETag, "test", Stop);
    }

    /// <summary>What a device found.</summary>
    /// <param name="ByChanged">Whether an enrollment of the change took it.</param>
    /// <param name="IsDrained">Whether it is drained.</param>
    /// <param name="End">Until when an enrollment takes it.</param>
    /// <param name="IsOn">Whether its hub takes it, when that does not ask the enrollment.</param>
    private sealed record Found(bool ByChanged, bool IsDrained, DateTimeOffset? End, bool? IsOn);
}
