using System.Security.Cryptography;
using Perennial.Hub.Access;
using Perennial.Hub.Devices;
using Perennial.Hub.Sessions;
using Perennial.Provisioning;
using Perennial.Provisioning.Attestation;
using Perennial.Provisioning.Blocks;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Impact;
using Perennial.Rolling.Sightings;
using Perennial.Storage.Tests.Suites;
using Perennial.TestCertificates;

namespace Perennial.Storage.Tests.Impact;

/// <summary>A fleet of devices that prove themselves by symmetric keys, their own or derived from those of groups, and by TPMs.</summary>
internal sealed class RandomKeyFleet
{
    private const int Devices = 10;

    private readonly Stores _stores;
    private readonly Tape _tape;
    private readonly FleetHub _following;
    private readonly FleetHub _other;
    private readonly IReadOnlyList<SymmetricKey> _pool = [.. Enumerable.Range(0, 5).Select(_ => SymmetricKey.Mint())];
    private readonly Dictionary<string, (SymmetricKey Key, bool IsDerived)> _accepted = [];
    private readonly Dictionary<string, FleetHub?> _hubs = [];

    public RandomKeyFleet(Stores stores, Tape tape)
    {
        (_stores, _tape) = (stores, tape);
        _following = new FleetHub(stores, "following", HubBehaviour.FollowEnrollment);
        _other = new FleetHub(stores, "other", HubBehaviour.Azure);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private DateTimeOffset Now => _stores.Time.GetUtcNow();

    private static IReadOnlyList<string> Names => [.. Enumerable.Range(0, Devices).Select(i => $"Key-Dev{i}")];

    private static IReadOnlyList<EnrollmentKey> Groups => [.. Enumerable.Range(0, 3).Select(i => Samples.Group($"keys-{i}"))];

    public async Task GrowAsync()
    {
        foreach (var group in Groups)
        {
            await SaveAsync(await DrawGroupAsync(group) with { IsEnabled = true });
        }

        foreach (var name in Names)
        {
            await TryRegisterAsync(name);
        }

        for (var i = 0; i < 3; i++)
        {
            await (await DrawChangeAsync()).Make();
        }
    }

    /// <summary>Draws a change, previews it, makes it, and tells what was foretold and what every device found.</summary>
    public async Task<(string Change, IReadOnlyDictionary<string, ImpactOutcome> Foretold, IReadOnlyDictionary<string, ImpactOutcome> Found, ImpactSummary Summary)> ChangeAsync()
    {
        var (change, make) = await DrawChangeAsync();
        var preview = RandomFleet.PreviewOf(_stores);
        var summary = await preview.RunAsync(change, Stop);
        var foretold = new Dictionary<string, ImpactOutcome>(StringComparer.OrdinalIgnoreCase);
        foreach (var outcome in Enum.GetValues<ImpactOutcome>())
        {
            for (PageRequest? page = new(null, 1 + _tape.Choose(4)); page is not null;)
            {
                var found = (await preview.ListAsync(change, outcome, page, Stop))!;
                foreach (var device in found.Items)
                {
                    Assert.Null(device.End);
                    foretold.Add(device.Device.ToUpperInvariant(), outcome);
                }

                page = found.Next is null ? null : page with { After = found.Next };
            }
        }

        var before = await LookAsync(change);
        await make();
        var after = await LookAsync(change);
        return (change.Sentence, foretold, Outcomes(change, before, after, foretold), summary);
    }

    private Dictionary<string, ImpactOutcome> Outcomes(
        TrustChange change, Dictionary<string, Found> before, Dictionary<string, Found> after, Dictionary<string, ImpactOutcome> foretold)
    {
        var outcomes = new Dictionary<string, ImpactOutcome>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in _accepted.Keys)
        {
            // What a device derived from a key that stands nowhere any more, or from which spelling of its id, nobody can know.
            var (was, willBe) = (before[name], after[name]);
            ImpactOutcome? outcome = (was.IsTaken, willBe.IsTaken) switch
            {
                _ when was.IsOn == true && willBe.IsOn == false => ImpactOutcome.LosesAtOnce,
                _ when was.IsOn == false && willBe.IsOn == true => ImpactOutcome.Gains,
                (false, false) => null,
                (false, true) => ImpactOutcome.Gains,
                (true, false) => _hubs[name] == _following ? ImpactOutcome.LosesAtOnce : ImpactOutcome.LosesAtRegistration,
                _ => was.ByChanged || willBe.ByChanged ? ImpactOutcome.Keeps : null,
            };
            var isLost = foretold.GetValueOrDefault(name, ImpactOutcome.Keeps) == ImpactOutcome.Unknown && _accepted[name].IsDerived && (was.HasOwn || willBe.HasOwn);
            if (isLost || outcome is not null)
            {
                outcomes.Add(name.ToUpperInvariant(), isLost ? ImpactOutcome.Unknown : outcome!.Value);
            }
        }

        if (change.Only is { } only && !_accepted.ContainsKey(Names.First(name => name.Equals(only.Id, StringComparison.OrdinalIgnoreCase))))
        {
            outcomes.Add(only.Id.ToUpperInvariant(), ImpactOutcome.Unknown);
        }

        return outcomes;
    }

    private async Task<Dictionary<string, Found>> LookAsync(TrustChange change)
    {
        var found = new Dictionary<string, Found>();
        foreach (var (name, (key, _)) in _accepted)
        {
            var verdict = await AttestAsync(name, key);
            var isOn = _hubs[name] == _other ? await _other.TryAsync(name, Shown(key), Now) is DeviceVerdict.Accepted : (bool?)null;
            found.Add(name, new Found(
                verdict is AttestationVerdict.Accepted,
                verdict is AttestationVerdict.Accepted { Enrollment.Key: var by } && change.Proposed.Concerns(by),
                isOn,
                await _stores.Enrollments.FindAsync(EnrollmentKey.Individual(Samples.Id(name)), Stop) is not null));
        }

        return found;
    }

    private async Task<AttestationVerdict> AttestAsync(string name, SymmetricKey key)
    {
        var id = Samples.Id(name);
        var token = new DeviceToken { Expires = DateTimeOffset.MaxValue, IsForDevice = true, IsSignedBy = other => Same(other, key) };
        Assert.True(Authenticate.TryByToken(id, new DeviceProof.ByToken(token), Now, out var device, out _));
        return FleetHub.Attestation.Attest(device, await _stores.Enrollments.FindCandidatesAsync(id, device.Proof, Stop), Now);
    }

    private async Task TryRegisterAsync(string name)
    {
        if (_tape.OneIn(2))
        {
            await SaveAsync(await DrawIndividualAsync(name) with { IsEnabled = true });
        }

        var own = await _stores.Enrollments.FindAsync(EnrollmentKey.Individual(Samples.Id(name)), Stop);
        var key = own?.Mechanism switch
        {
            AttestationMechanism.SymmetricKeys { Slots: var slots } => slots[_tape.Pick([Slot.Primary, Slot.Secondary])],
            AttestationMechanism.Tpm tpm => FleetHub.TpmKeys.KeysOf(own, tpm).Primary,
            _ => _tape.Pick(_pool).Derive(_tape.OneIn(2) ? name : Lower(name)),
        };
        if (await AttestAsync(name, key) is not AttestationVerdict.Accepted accepted)
        {
            return;
        }

        await _stores.Sightings.RecordAsync(Sighting.Of(accepted, SightingPath.Provisioning), Stop);
        using var none = TestAuthority.CreateSelfSignedLeaf(name);
        await _stores.Registrations.TryCommitAsync(Samples.Registration(name, "1", accepted.Enrollment.Key, none.Certificate), null, [], Stop);
        var hub = _tape.Pick([_following, _other, null]);
        if (hub is not null && DeviceCredential.SymmetricKeys.TryCreate(key.Bytes, key.Bytes, out var shown))
        {
            DeviceCredential credential = hub == _other ? shown : new DeviceCredential.FollowsEnrollment(
                name, new EnrollmentReference(accepted.Enrollment.Key.Kind == EnrollmentKind.Group, accepted.Enrollment.Key.Id), shown);
            await hub.Devices.TryCreateAsync(HubSamples.Device(name, credential: credential), "test", Stop);
        }

        _accepted.Add(name, (key, accepted.Enrollment.Key.Kind == EnrollmentKind.Group));
        _hubs.Add(name, hub);
    }

    private async Task<(TrustChange Change, Func<Task> Make)> DrawChangeAsync()
    {
        var (group, name) = (_tape.Pick(Groups), _tape.Pick(Names));
        var individual = EnrollmentKey.Individual(Samples.Id(name));
        switch (_tape.Choose(8))
        {
            case 0:
                return (PlanChange.OfDelete(group), () => _stores.Enrollments.DeleteAsync(group, null, "test", Stop));
            case 1:
                return (PlanChange.OfDelete(individual), () => _stores.Enrollments.DeleteAsync(individual, null, "test", Stop));
            case 2:
            case 3:
                var own = await DrawIndividualAsync(name);
                return (PlanChange.OfSave(own), () => SaveAsync(own));
            case 4:
                var block = new Block { Kind = _tape.OneIn(2) ? BlockKind.Device : BlockKind.Group, Name = "", Reason = "stolen", Actor = "test", At = Now };
                block = block with { Name = block.Kind == BlockKind.Device ? name : group.Id };
                return (PlanChange.OfBlock(block, block.Kind == BlockKind.Device ? Samples.Id(name) : null), () => _stores.Blocks.SaveAsync(block, Stop));
            case 5 when (await _stores.Blocks.ListAsync(new PageRequest(null, 10), Stop)).Items is [var standing, ..]:
                return (
                    PlanChange.OfUnblock(standing, standing.Kind == BlockKind.Device ? Samples.Id(standing.Name) : null),
                    () => _stores.Blocks.TryDeleteAsync(standing.Kind, standing.Name, "test", Stop));
            default:
                var drawn = await DrawGroupAsync(group);
                return (PlanChange.OfSave(drawn), () => SaveAsync(drawn));
        }
    }

    // Half of the time only whether it is enabled changes.
    private async Task<Enrollment> DrawGroupAsync(EnrollmentKey key)
    {
        var stored = await _stores.Enrollments.FindAsync(key, Stop);
        return stored is not null && _tape.OneIn(2) ? stored with { IsEnabled = !stored.IsEnabled } : await StoredAsync(new Enrollment
        {
            Key = key,
            Mechanism = new AttestationMechanism.SymmetricKeys(new KeySlots(_tape.Pick(_pool), _tape.Pick(_pool))),
            IsEnabled = !_tape.OneIn(5),
            ETag = "1",
            Created = FleetAuthorities.Start.AddMinutes(_tape.Choose(3)),
            LastUpdated = Now,
        });
    }

    private async Task<Enrollment> DrawIndividualAsync(string name)
    {
        var key = EnrollmentKey.Individual(Samples.Id(name));
        var stored = await _stores.Enrollments.FindAsync(key, Stop);
        if (stored is not null && _tape.OneIn(2))
        {
            return stored with { IsEnabled = !stored.IsEnabled };
        }

        using var leaf = TestAuthority.CreateSelfSignedLeaf(name);
        var held = (stored?.Mechanism as AttestationMechanism.SymmetricKeys)?.Slots.Primary;
        Enrollment drawn = _tape.Choose(4) switch
        {
            0 => Samples.WithTpm(name, "1", hasStorageRootKey: false),
            1 => Samples.Individual(name, "1", leaf.Certificate),
            _ => Samples.WithKeys(key, "1"),
        };
        if (drawn.Mechanism is AttestationMechanism.SymmetricKeys { Slots: var slots } && held is not null && _tape.OneIn(2))
        {
            drawn = drawn with { Mechanism = new AttestationMechanism.SymmetricKeys(slots with { Secondary = held }) };
        }
        else if (drawn.Mechanism is AttestationMechanism.SymmetricKeys && _tape.OneIn(3))
        {
            // The key that the device derived, as its own.
            drawn = drawn with { Mechanism = new AttestationMechanism.SymmetricKeys(new KeySlots(_tape.Pick(_pool).Derive(name), SymmetricKey.Mint())) };
        }

        return await StoredAsync(drawn with { IsEnabled = !_tape.OneIn(4) });
    }

    private async Task<Enrollment> StoredAsync(Enrollment enrollment) =>
        enrollment with { Created = (await _stores.Enrollments.FindAsync(enrollment.Key, Stop))?.Created ?? enrollment.Created };

    private async Task SaveAsync(Enrollment enrollment)
    {
        var stored = await _stores.Enrollments.FindAsync(enrollment.Key, Stop);
        var written = await _stores.Enrollments.SaveAsync(enrollment with { ETag = Guid.NewGuid().ToString() }, stored?.ETag, "test", Stop);
        Assert.IsType<EnrollmentWrite.Saved>(written);
    }

    private static PresentedCredential.ByToken Shown(SymmetricKey key) =>
        new(new PresentedToken { Expires = DateTimeOffset.MaxValue, Covers = true, IsSignedBy = other => Same(other, key) });

    private static bool Same(ReadOnlyMemory<byte> other, SymmetricKey key) => CryptographicOperations.FixedTimeEquals(other.Span, key.Bytes.Span);

#pragma warning disable CA1308 // Devices derive from the lower case too.
    private static string Lower(string name) => name.ToLowerInvariant();
#pragma warning restore CA1308

    /// <summary>What a device found.</summary>
    /// <param name="IsTaken">Whether an enrollment takes it.</param>
    /// <param name="ByChanged">Whether one of the change does.</param>
    /// <param name="IsOn">Whether its hub takes it, when that does not ask the enrollment.</param>
    /// <param name="HasOwn">Whether it has an individual enrollment.</param>
    private sealed record Found(bool IsTaken, bool ByChanged, bool? IsOn, bool HasOwn);
}
