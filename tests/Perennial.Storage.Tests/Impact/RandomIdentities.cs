using System.Security.Cryptography;
using Perennial.Hub.Access;
using Perennial.Hub.Devices;
using Perennial.Hub.Registry;
using Perennial.Hub.Sessions;
using Perennial.Provisioning.Blocks;
using Perennial.Rolling.Impact;
using Perennial.Server.Hubs;
using Perennial.Storage.Tests.Suites;
using Perennial.TestCertificates;

namespace Perennial.Storage.Tests.Impact;

/// <summary>Identities of one hub drawn at random, devices that tried to connect to it, and changes of the identities.</summary>
internal sealed class RandomIdentities(SqlStores stores, Tape tape)
{
    private const int Devices = 8;

    private readonly FleetHub _hub = new(stores, "hub", tape.OneIn(2) ? HubBehaviour.Azure : HubBehaviour.FollowEnrollment);
    private readonly TestAuthority _root = TestAuthority.CreateRoot("Root", new() { NotAfter = FleetAuthorities.Start.AddDays(50) });
    private readonly Dictionary<string, Held> _held = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private DateTimeOffset Now => stores.Time.GetUtcNow();

    public static PreviewIdentities PreviewOf(SqlStores stores)
    {
        var judge = new JudgeChain(stores.Enrollments, FleetHub.Attestation, FleetHub.Skew);
        return new PreviewIdentities(new ShownCredentials(stores.Sightings, stores.Presented, judge), stores.Enrollments, FleetHub.Skew, stores.Time);
    }

    /// <summary>A token that a key signed.</summary>
    public static PresentedCredential.ByToken ByKey(ReadOnlyMemory<byte> key) => new(new PresentedToken
    {
        Expires = DateTimeOffset.MaxValue,
        Covers = true,
        IsSignedBy = other => CryptographicOperations.FixedTimeEquals(other.Span, key.Span),
    });

    public async Task GrowAsync()
    {
        await stores.Enrollments.SaveAsync(Samples.GroupOf("line", "1", _root.Certificate), null, "test", Stop);
        for (var i = 0; i < Devices; i++)
        {
            await MakeAsync($"dev-{i}");
        }

        stores.Time.Advance(TimeSpan.FromDays(tape.Choose(5)));
        if (tape.OneIn(3))
        {
            var group = (await stores.Enrollments.FindAsync(Samples.Group("line"), Stop))!;
            await stores.Enrollments.SaveAsync(group with { IsEnabled = false, ETag = "2" }, "1", "test", Stop);
        }

        if (tape.OneIn(4))
        {
            await stores.Blocks.SaveAsync(new Block { Kind = BlockKind.Device, Name = Drawn(), Reason = "stolen", Actor = "test", At = Now }, Stop);
        }

        // Of devices with keys the identity holds the key still that they were accepted by: which one it was is not kept.
        foreach (var early in Enumerable.Range(0, 5).Select(_ => Drawn()).Where(name => _held[name].Credential is PresentedCredential.ByCertificate).ToList())
        {
            await MakeAsync(await DrawAsync(early));
        }
    }

    /// <summary>Draws changes, previews them, makes them, and tells what was foretold and what each device of them found.</summary>
    public async Task<(IReadOnlyDictionary<string, string> Foretold, IReadOnlyDictionary<string, string> Found, ImpactSummary Summary)> ChangeAsync()
    {
        var changes = new List<IdentityChange>();
        foreach (var name in Enumerable.Range(0, 1 + tape.Choose(3)).Select(_ => Drawn()).Distinct().ToList())
        {
            changes.Add(await DrawAsync(name));
        }

        var impact = await PreviewOf(stores).RunAsync(_hub.Checked, changes, Stop);
        var foretold = impact.Devices.ToDictionary(device => device.Device, device => $"{device.Outcome} {device.End:yyyy-MM-dd HH:mm}");
        var found = new Dictionary<string, string>();
        foreach (var change in changes)
        {
            var name = change.Id.Value;
            var before = await LookAsync(name);
            await MakeAsync(change);
            if (Outcome(name, before, await LookAsync(name), IsHalfChanged(change) && foretold.GetValueOrDefault(name) == "Unknown ") is { } outcome)
            {
                found.Add(name, outcome);
            }
        }

        return (foretold, found, impact.Summary);
    }

    private string? Outcome(string name, DateTimeOffset? before, DateTimeOffset? after, bool mayBeUnknown) => (before, after) switch
    {
        _ when !_held[name].WasAccepted || mayBeUnknown => "Unknown ",
        (null, null) => null,
        (null, { } end) => $"Gains {Shown(end)}",
        (_, null) => "LosesAtOnce ",
        ({ } was, { } end) => $"{(end < was ? ImpactOutcome.LosesEarlier : ImpactOutcome.Keeps)} {Shown(end)}",
    };

    // It is not kept which of the two keys of an identity signed a token.
    private static bool IsHalfChanged(IdentityChange change) =>
        change is { Before.Credential: DeviceCredential.SymmetricKeys was, After.Credential: DeviceCredential.SymmetricKeys then }
        && was.Primary.Span.SequenceEqual(then.Primary.Span) != was.Secondary.Span.SequenceEqual(then.Secondary.Span);

    private static string Shown(DateTimeOffset end) => end == DateTimeOffset.MaxValue ? "" : $"{end:yyyy-MM-dd HH:mm}";

    private async Task<DateTimeOffset?> LookAsync(string name)
    {
        var held = _held[name];
        if (await _hub.TryAsync(name, held.Credential, Now) is not DeviceVerdict.Accepted)
        {
            return null;
        }

        if (held.Credential is not PresentedCredential.ByCertificate { Chain: var chain })
        {
            return DateTimeOffset.MaxValue;
        }

        foreach (var end in new[] { chain.Leaf.NotAfter, _root.Certificate.NotAfter }.Order())
        {
            if (await _hub.TryAsync(name, held.Credential, end + FleetHub.Skew + TimeSpan.FromSeconds(1)) is DeviceVerdict.Refused)
            {
                return end;
            }
        }

        return chain.Leaf.NotAfter;
    }

    private async Task MakeAsync(string name)
    {
        using var leaf = tape.OneIn(3)
            ? TestAuthority.CreateSelfSignedLeaf(name, new() { NotAfter = FleetAuthorities.Start.AddDays(2 + tape.Choose(60)) })
            : _root.IssueLeaf(name, new() { NotAfter = FleetAuthorities.Start.AddDays(2 + tape.Choose(60)) });
        var keys = DeviceCredential.SymmetricKeys.Mint();
        var isByKey = tape.OneIn(3);
        PresentedCredential shown = isByKey ? ByKey(tape.OneIn(2) ? keys.Primary : keys.Secondary) : new PresentedCredential.ByCertificate(Samples.Chain(leaf));
        DeviceCredential credential = isByKey ? keys
            : tape.OneIn(2) ? DeviceCredential.Thumbprints.Of(leaf.Certificate.Thumbprint)
            : new DeviceCredential.FollowsEnrollment(name, new EnrollmentReference(IsGroup: true, "line"), leaf.Certificate.Thumbprint);
        await _hub.Devices.TryCreateAsync(HubSamples.Device(name, credential: credential), "test", Stop);
        var wasAccepted = !tape.OneIn(6) && await _hub.ConnectAsync(name, shown) is DeviceVerdict.Accepted;
        _held.Add(name, new Held(shown, wasAccepted));
    }

    private async Task<IdentityChange> DrawAsync(string name)
    {
        var stored = await _hub.Devices.FindAsync(HubSamples.Id(name), Stop);
        if (stored is null)
        {
            var credential = tape.OneIn(2) ? ThumbprintsOf(name) : DeviceCredential.SymmetricKeys.Mint();
            return new IdentityChange(null, new RequestedDevice { Id = HubSamples.Id(name), Credential = credential }.ToIdentity(Now));
        }

        var wish = RequestedDevice.Of(stored);
        return tape.Choose(6) switch
        {
            0 => new IdentityChange(stored, null),
            1 => Saved(wish with { IsEnabled = !stored.IsEnabled }),
            2 => Saved(wish with { Credential = null }),
            3 when stored.Credential is DeviceCredential.SymmetricKeys keys
                && DeviceCredential.SymmetricKeys.TryCreate(keys.Primary, RandomNumberGenerator.GetBytes(32), out var half) => Saved(wish with { Credential = half }),
            3 => Saved(wish with { Credential = new DeviceCredential.CertificateAuthority() }),
            4 => Saved(wish with { Credential = ThumbprintsOf(name) }),
            _ => Saved(wish with { Credential = HubSamples.Thumbprints(new string('a', 64), null) }),
        };

        IdentityChange Saved(RequestedDevice requested) => new(stored, requested.Replace(stored, Now));
    }

    private DeviceCredential ThumbprintsOf(string name) => _held[name].Credential is PresentedCredential.ByCertificate { Chain.Leaf.Thumbprint: var own }
        ? DeviceCredential.Thumbprints.Of(own)
        : HubSamples.Thumbprints(new string('b', 64), null);

    private async Task MakeAsync(IdentityChange change)
    {
        Assert.True(change switch
        {
            { Before: null, After: { } made } => await _hub.Devices.TryCreateAsync(made, "test", Stop),
            { Before: { } old, After: null } => await _hub.Devices.TryDeleteAsync(old.Id, old.ETag, "test", Stop),
            { Before: { } old, After: { } saved } => await _hub.Devices.TryReplaceAsync(saved, old.ETag, "test", Stop),
            _ => false,
        });
    }

    private string Drawn() => $"dev-{tape.Choose(Devices)}";

    /// <summary>What a device holds, and whether the hub ever took it.</summary>
    private sealed record Held(PresentedCredential Credential, bool WasAccepted);
}
