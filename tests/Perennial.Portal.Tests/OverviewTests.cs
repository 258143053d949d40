using Perennial.Provisioning;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Rolls;
using Perennial.Rolling.Sightings;
using Perennial.Server.Storage.Sql;
using Perennial.Server.Users;
using Perennial.TestCertificates;
using Perennial.X509;
using static Microsoft.Playwright.Assertions;

namespace Perennial.Portal.Tests;

public sealed class OverviewTests(BrowserFixture browser)
{
    [Fact]
    public async Task The_overview_tells_scope_endpoints_states_and_when_certificates_end_and_copies_the_scope()
    {
        await using var portal = await ServedPortal.StartAsync();
        using var leaf = TestAuthority.CreateSelfSignedLeaf(
            "lamp-1", new TestCertificateOptions { NotAfter = TimeProvider.System.GetUtcNow().AddDays(40) });
        await portal.EnrollAsync("lamp-1", leaf);
        await portal.RestartAsync();
        await using var window = await PortalBrowser.EnterAsync(browser, portal, UserRole.Reader);
        await window.Page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await window.GoAsync("/");
        await Expect(window.Page.GetByText(portal.Instance.Document.IdScope)).ToBeVisibleAsync();
        await Expect(window.Page.GetByText("Never seen")).ToBeVisibleAsync();
        await Expect(window.Page.Locator("svg.chart title")).ToContainTextAsync(["1 leaves"]);
        await window.Button("Copy the id scope").ClickAsync();
        await Expect(window.Button("Copied")).ToBeVisibleAsync();
        Assert.Equal(portal.Instance.Document.IdScope, await window.Page.EvaluateAsync<string>("navigator.clipboard.readText()"));
        await window.AssertAccessibleAsync("overview");
    }

    [Fact]
    public async Task The_overview_tells_who_would_be_refused_on_a_day_if_nothing_was_rolled()
    {
        await using var portal = await ServedPortal.StartAsync();
        var now = TimeProvider.System.GetUtcNow();
        using var leaf = TestAuthority.CreateSelfSignedLeaf("lamp-1", new TestCertificateOptions { NotAfter = now.AddDays(40) });
        await portal.EnrollAsync("lamp-1", leaf);
        await using (var database = portal.OpenDatabase())
        {
            await new SightingStore(database).RecordAsync(
                new Sighting
                {
                    Device = "lamp-1",
                    Path = SightingPath.Provisioning,
                    At = now,
                    Chain = CertificateChain.TryCreate(leaf.Certificate, [], out var chain, out _) ? chain : null,
                    Match = new SightingMatch(EnrollmentKey.Individual(RegistrationId.TryParse("lamp-1", out var id) ? id : throw new InvalidOperationException()), Slot.Primary, leaf.Certificate.Thumbprint),
                },
                TestContext.Current.CancellationToken);
        }

        await using var window = await PortalBrowser.EnterAsync(browser, portal, UserRole.Reader);
        await window.GoAsync("/");
        foreach (var (day, told) in new[] { (now.AddDays(20), "0 of 1 devices"), (now.AddDays(60), "1 of 1 devices") })
        {
            await window.Page.GetByLabel("Day").FillAsync(day.UtcDateTime.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
            await window.Button("Show").ClickAsync();
            await Expect(window.Page.Locator("#expiry")).ToContainTextAsync(told);
        }

        await Expect(window.Page.Locator("#expiry table")).ToContainTextAsync("individual enrollments");
        await window.AssertAccessibleAsync("overview with a day");
    }

    [Fact]
    public async Task A_roll_that_was_halted_stands_on_the_overview_with_the_reason()
    {
        await using var portal = await ServedPortal.StartAsync();
        await using (var database = portal.OpenDatabase())
        {
            var rolls = new RollStore(database, TimeProvider.System);
            var roll = new Roll { Id = "lamps-2027", Kind = RollKind.Leaf, Reason = RollReason.Expiration, Plan = new RollPlan(), State = RollState.Draft, Created = TimeProvider.System.GetUtcNow() };
            var stop = TestContext.Current.CancellationToken;
            Assert.True(await rolls.TryCreateAsync(roll, [], "test", stop));
            Assert.True(await rolls.TryCreateAsync(roll with { Id = "over-2026" }, [], "test", stop));
            Assert.True(await rolls.TryChangeAsync(roll with { State = RollState.Paused, HaltReason = "2 of 3 devices of the wave report a failure." }, "halt", "test", stop));
            Assert.True(await rolls.TryChangeAsync(roll with { Id = "over-2026", State = RollState.Aborted }, "abort", "test", stop));
        }

        await using var window = await PortalBrowser.EnterAsync(browser, portal, UserRole.Reader);
        await window.GoAsync("/");
        await Expect(window.Page.Locator("#rolls")).ToContainTextAsync("lamps-2027");
        await Expect(window.Page.Locator("#rolls")).ToContainTextAsync("2 of 3 devices of the wave report a failure.");
        await Expect(window.Page.Locator("#rolls")).Not.ToContainTextAsync("over-2026");
        await window.AssertAccessibleAsync("overview with a roll");
    }
}
