using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Breaches;
using Perennial.Rolling.Rolls;
using Perennial.Rolling.Sightings;
using Perennial.Server.Storage.Sql;
using Perennial.TestCertificates;
using Perennial.X509;

namespace Perennial.Portal.Tests;

/// <summary>A roll in its second wave, in which some devices have moved, and a breach of what it rolls away from.</summary>
internal static class ShownRoll
{
    private const int Devices = 40;

    private static readonly RollPlan Plan = new()
    {
        CanarySize = 2,
        Soak = TimeSpan.Zero,
        RatePerMinute = 600,
        Offer = RollOffer.None,
        ContactWithin = TimeSpan.FromDays(1),
        Windows = MaintenanceWindow.TryParse("monday,tuesday,wednesday,thursday,friday,saturday,sunday 00:00-00:00 Europe/Berlin", out var always) ? [always] : [],
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task StoreAsync(ServedPortal portal)
    {
        using var root = TestAuthority.CreateRoot("Example Valves Root", Until(3000));
        using var old = root.CreateIntermediate("Example Valves", Until(120));
        using var next = root.CreateIntermediate("Example Valves, next", Until(1500));
        Assert.True(EnrollmentKey.TryGroup("valves", out var group));
        await portal.EnrollAsync(group, new AttestationMechanism.Signers(new CertificateSlots(old.Certificate, next.Certificate)));
        string[] ids = [.. Enumerable.Range(1, Devices).Select(number => FormattableString.Invariant($"valve-{number:00}"))];
        await portal.StoreRegistrationsAsync(ids, "valves");
        await using var database = portal.OpenDatabase();
        var (rolls, sightings) = (new RollStore(database, TimeProvider.System), new SightingStore(database));
        foreach (var (id, number) in ids.Select((id, number) => (id, number)))
        {
            await UseAsync(sightings, id, old, Slot.Primary, group, Until(20 + (number * 2)));
        }

        var create = new CreateRoll(rolls, new EnrollmentStore(database, TimeProvider.System), TimeProvider.System);
        Assert.IsType<RollOutcome.Done>(await create.OfGroupAsync("valves-2030", group, Slot.Primary, RollReason.Expiration, Plan, "user alice", Stop));
        Assert.IsType<RollOutcome.Done>(await create.OfGroupAsync("valves-later", group, Slot.Primary, RollReason.Policy, Plan, "user alice", Stop));
        Assert.IsType<RollOutcome.Done>(await new SteerRoll(rolls, TimeProvider.System).StartAsync("valves-2030", "tried on the bench, ticket 4711", "user alice", Stop));
        await MoveAsync(wave: 0, devices: 2);
        await MoveAsync(wave: 1, devices: 6);
        await new BreachStore(database).OpenAsync(
            new BreachCase
            {
                Id = "valves",
                Procedure = BreachProcedure.Intermediate,
                Enrollment = group,
                Compromised = old.Certificate,
                Reason = "a key server was stolen, ticket 4712",
                Actor = "user alice",
                At = TimeProvider.System.GetUtcNow(),
            },
            Stop);

        async Task MoveAsync(int wave, int devices)
        {
            foreach (var device in (await WaitForWaveAsync(rolls, wave)).Take(devices))
            {
                await UseAsync(sightings, device, next, Slot.Secondary, group, Until(365));
            }
        }
    }

    /// <summary>The devices of a wave, once the server has told them all.</summary>
    private static async Task<IReadOnlyList<string>> WaitForWaveAsync(RollStore rolls, int wave)
    {
        while (true)
        {
            var roll = (await rolls.FindAsync("valves-2030", Stop))!;
            var devices = (await rolls.ListDevicesAsync(roll, onlyOpen: false, new Provisioning.PageRequest(null, Devices), TimeProvider.System.GetUtcNow(), Stop)).Items;
            string[] told = [.. devices.Where(device => device.Wave == wave).Select(device => device.Device)];
            if (told.Length == Plan.SizeOf(wave))
            {
                return told;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Stop);
        }
    }

    private static async Task UseAsync(SightingStore sightings, string device, TestAuthority signer, Slot slot, EnrollmentKey group, TestCertificateOptions until)
    {
        using var leaf = signer.IssueLeaf(device, until);
        await sightings.RecordAsync(
            new Sighting
            {
                Device = device,
                Path = SightingPath.Provisioning,
                At = TimeProvider.System.GetUtcNow(),
                Chain = CertificateChain.TryCreate(leaf.Der, [signer.Own.Der], out var chain, out var refusal) ? chain : throw new InvalidOperationException(refusal.Detail),
                Match = new SightingMatch(group, slot, signer.Certificate.Thumbprint),
            },
            Stop);
    }

    private static TestCertificateOptions Until(int days) => new() { NotAfter = TimeProvider.System.GetUtcNow().AddDays(days) };
}
