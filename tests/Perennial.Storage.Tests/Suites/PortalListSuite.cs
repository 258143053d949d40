using Perennial.Provisioning.Attestation;
using Perennial.Provisioning.Enrollments;
using Perennial.Provisioning.Registrations;
using Perennial.Rolling.Sightings;
using Perennial.Server.Fleet;
using Perennial.TestCertificates;
using Perennial.X509;

namespace Perennial.Storage.Tests.Suites;

/// <summary>Registrations and refusals as operators look for them.</summary>
public abstract class PortalListSuite(SqlStores stores) : IAsyncDisposable
{
    private readonly TestCertificate _leaf = TestAuthority.CreateSelfSignedLeaf("dev-01");
    private readonly EnrollmentKey _group = Samples.Group("g");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _leaf.Dispose();
        return stores.DisposeAsync();
    }

    [Fact]
    public async Task Registrations_are_found_by_prefix_enrollment_and_status_and_paged_in_both_directions()
    {
        foreach (var number in Enumerable.Range(1, 12))
        {
            await RegisterAsync($"Pump-{number:00}", _group, number == 7 ? RegistrationStatus.Failed : RegistrationStatus.Assigned);
        }

        await RegisterAsync("lamp-01", EnrollmentKey.Individual(Samples.Id("lamp-01")), RegistrationStatus.Disabled);
        var pumps = new RegistrationFilter { Prefix = "pUMP" };
        var first = await stores.RegistrationList.ListAsync(pumps, null, false, 5, Stop);
        Assert.Equal((12, false, true, "Pump-01"), (first.Count, first.HasPrevious, first.HasNext, Id(first.Rows[0])));
        var second = await stores.RegistrationList.ListAsync(pumps, "Pump-05", false, 5, Stop);
        Assert.Equal((true, true, "Pump-06", "Pump-10"), (second.HasPrevious, second.HasNext, Id(second.Rows[0]), Id(second.Rows[^1])));
        var third = await stores.RegistrationList.ListAsync(pumps, "Pump-10", false, 5, Stop);
        Assert.Equal((2, false), (third.Rows.Count, third.HasNext));
        var back = await stores.RegistrationList.ListAsync(pumps, "Pump-06", true, 5, Stop);
        Assert.Equal((false, true, "Pump-01", "Pump-05"), (back.HasPrevious, back.HasNext, Id(back.Rows[0]), Id(back.Rows[^1])));
        Assert.Equal(["Pump-07"], await FindAsync(new RegistrationFilter { Status = RegistrationStatus.Failed }));
        Assert.Equal(["Pump-07"], await FindAsync(new RegistrationFilter { Status = RegistrationStatus.Failed, Enrollment = _group }));
        Assert.Empty(await FindAsync(new RegistrationFilter { Status = RegistrationStatus.Disabled, Enrollment = _group }));
        Assert.Equal(["lamp-01"], await FindAsync(new RegistrationFilter { Enrollment = EnrollmentKey.Individual(Samples.Id("LAMP-01")) }));
        Assert.Equal(11, (await FindAsync(new RegistrationFilter { Status = RegistrationStatus.Assigned, Prefix = "p" })).Count);
    }

    [Fact]
    public async Task Refusals_are_listed_latest_first_by_reason_and_pages_and_found_one_by_one()
    {
        await RegisterAsync("dev-01", _group, RegistrationStatus.Assigned);
        foreach (var minute in Enumerable.Range(1, 6))
        {
            await stores.Sightings.RecordAsync(
                new Sighting
                {
                    Device = $"Dev-{minute % 2:00}",
                    Path = SightingPath.Provisioning,
                    At = Samples.At.AddMinutes(minute),
                    Chain = Samples.Chain(_leaf),
                    Match = minute == 6 ? new SightingMatch(_group, Slot.Primary, _leaf.Certificate.Thumbprint) : null,
                    Refusal = minute == 6 ? null : new Refusal(minute == 3 ? AttestationRefusals.LeafNotEnrolled : AttestationRefusals.NotEnrolled, "detail"),
                },
                Stop);
        }

        var first = await stores.Refusals.ListAsync(null, null, 3, Stop);
        Assert.Equal([5, 4, 3], first.Refusals.Select(Minute));
        Assert.True(first.HasNext);
        var second = await stores.Refusals.ListAsync(null, first.Refusals[^1].At, 3, Stop);
        Assert.Equal([2, 1], second.Refusals.Select(Minute));
        Assert.False(second.HasNext);
        Assert.Equal([3], (await stores.Refusals.ListAsync(3002, null, 3, Stop)).Refusals.Select(Minute));
        var found = await stores.Refusals.FindAsync("DEV-01", Samples.At.AddMinutes(3), Stop);
        Assert.StartsWith("CN=dev-01, issued by itself, valid ", Assert.Single(found!.Received), StringComparison.Ordinal);
        Assert.Null(await stores.Refusals.FindAsync("dev-00", Samples.At.AddMinutes(6), Stop));
        var accepted = (await stores.RegistrationList.ListAsync(new RegistrationFilter(), null, false, 5, Stop)).Rows;
        Assert.Null(Assert.Single(accepted).Accepted);
        Assert.Equal([_leaf.Certificate.Thumbprint], (await stores.Presented.FindAsync([_leaf.Certificate.Thumbprint], Stop)).Keys);
    }

    private static int Minute(SightingRecord refusal) => (int)(refusal.At - Samples.At).TotalMinutes;

    private static string Id(RegistrationRow row) => row.Registration.Id.Value;

    private async Task<IReadOnlyList<string>> FindAsync(RegistrationFilter filter) =>
        [.. (await stores.RegistrationList.ListAsync(filter, null, false, 50, Stop)).Rows.Select(Id)];

    private async Task RegisterAsync(string id, EnrollmentKey enrollment, RegistrationStatus status) => Assert.True(await stores.Registrations.TryCommitAsync(
        Samples.Registration(id, "1", enrollment, _leaf.Certificate) with { Status = status }, null, [], Stop));
}
