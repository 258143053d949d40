using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Fleet;
using Perennial.Rolling.Sightings;
using Perennial.Server.Fleet;
using Perennial.TestCertificates;

namespace Perennial.Storage.Tests.Suites;

/// <summary>The fleet as it is counted, and enrollments as they are looked for.</summary>
public abstract class FleetStoreSuite(SqlStores stores) : IAsyncDisposable
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private DateTimeOffset Now => stores.Time.GetUtcNow();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return stores.DisposeAsync();
    }

    [Fact]
    public async Task Devices_are_counted_by_state_and_lists_know_the_state_and_rows_of_an_older_version_too()
    {
        await SaveAsync("healthy", Leaf("healthy", 300), null, sees: true);
        await SaveAsync("rolling", Leaf("rolling", 100), Leaf("rolling", 400), sees: true);
        await SaveAsync("overdue", Leaf("overdue", 10), Leaf("overdue", 400), sees: true);
        await SaveAsync("expired", Leaf("expired", -1), null, sees: true);
        await SaveAsync("blocked", Leaf("blocked", 300), null, sees: true, isEnabled: false);
        await SaveAsync("unseen", Leaf("unseen", 300), null, sees: false);
        await AssertStatesAsync();
        await stores.ForgetListsAsync(Stop);
        await AssertStatesAsync();
        Assert.Equal(["overdue"], await FindAsync(new EnrollmentFilter { Kind = EnrollmentKind.Individual, State = DeviceState.Overdue }));
        Assert.Equal(["blocked"], await FindAsync(new EnrollmentFilter { Kind = EnrollmentKind.Individual, IsEnabled = false }));
        var weeks = await stores.Fleet.CountWeeksAsync(Now, Stop);
        Assert.Equal([(1, 1L), (14, 1L), (42, 3L)], weeks.Select(week => (week.Week, week.Leaves)));
    }

    [Fact]
    public async Task Lists_filter_search_and_page_in_both_directions()
    {
        foreach (var number in Enumerable.Range(1, 25))
        {
            await stores.Enrollments.SaveAsync(Samples.WithKeys(EnrollmentKey.Individual(Samples.Id($"pump_{number:00}")), "1"), null, "op", Stop);
        }

        await SaveAsync("lamp-x01", Leaf("lamp-x01", 20), null, sees: false);
        var pumps = new EnrollmentFilter { Kind = EnrollmentKind.Individual, Text = "PUMP" };
        var second = await stores.EnrollmentList.ListAsync(pumps, new EnrollmentPlace(false, "pump_10", false, 10), Stop);
        Assert.Equal((25, 10, true), (second.Total, second.Before, second.HasNext));
        Assert.Equal("pump_11", second.Rows[0].Enrollment.Key.Id);
        var first = await stores.EnrollmentList.ListAsync(pumps, new EnrollmentPlace(false, "pump_11", true, 10), Stop);
        Assert.Equal(("pump_01", 10, 0L, true), (first.Rows[0].Enrollment.Key.Id, first.Rows.Count, first.Before, first.HasNext));
        var falling = await stores.EnrollmentList.ListAsync(pumps, new EnrollmentPlace(true, "pump_05", false, 10), Stop);
        Assert.Equal(("pump_04", 4, 21L, false), (falling.Rows[0].Enrollment.Key.Id, falling.Rows.Count, falling.Before, falling.HasNext));
        Assert.Equal(["lamp-x01", "pump_01"], await FindAsync(new EnrollmentFilter { Kind = EnrollmentKind.Individual, Text = "01", IsAnywhere = true }));
        Assert.Equal(["pump_03"], await FindAsync(new EnrollmentFilter { Kind = EnrollmentKind.Individual, Text = "p_03", IsAnywhere = true }));
        Assert.Empty(await FindAsync(new EnrollmentFilter { Kind = EnrollmentKind.Individual, Text = "%", IsAnywhere = true }));
        Assert.Equal(["lamp-x01"], await FindAsync(new EnrollmentFilter { Kind = EnrollmentKind.Individual, EndsWithinDays = 30 }));
        Assert.Empty(await FindAsync(new EnrollmentFilter { Kind = EnrollmentKind.Individual, EndsWithinDays = 7 }));
        Assert.Equal(25, await stores.EnrollmentList.CountAsync(
            new EnrollmentFilter { Kind = EnrollmentKind.Individual, Attestation = EnrolledAttestation.SymmetricKey }, Stop));
    }

    private async Task AssertStatesAsync()
    {
        var part = await stores.Fleet.CountIndividualsAsync(string.Empty, Now, Stop);
        Assert.Null(part.Next);
        Assert.Equal(Enum.GetValues<DeviceState>().ToDictionary(state => state, _ => 1L), part.States.OrderBy(state => state.Key).ToDictionary());
    }

    private async Task<IReadOnlyList<string>> FindAsync(EnrollmentFilter filter) =>
        [.. (await stores.EnrollmentList.FindAsync(filter, null, 100, Stop)).Select(key => key.Id)];

    private async Task SaveAsync(string id, TestCertificate primary, TestCertificate? secondary, bool sees, bool isEnabled = true)
    {
        var enrollment = Samples.Individual(id, "1", primary.Certificate, secondary?.Certificate) with { IsEnabled = isEnabled };
        await stores.Enrollments.SaveAsync(enrollment, null, "op", Stop);
        if (sees)
        {
            await stores.Sightings.RecordAsync(
                new Sighting
                {
                    Device = id,
                    Path = SightingPath.Provisioning,
                    At = Now.AddDays(-2),
                    Chain = Samples.Chain(primary),
                    Match = new SightingMatch(enrollment.Key, Slot.Primary, primary.Certificate.Thumbprint),
                },
                Stop);
        }
    }

    private TestCertificate Leaf(string name, int days) =>
        TestAuthority.CreateSelfSignedLeaf(name, new TestCertificateOptions { NotAfter = Now.AddDays(days) });
}
