using System.Globalization;
using Perennial.Server.Users;
using Perennial.TestCertificates;
using static Microsoft.Playwright.Assertions;

namespace Perennial.Portal.Tests;

public sealed class TrailTests(BrowserFixture browser)
{
    [Fact]
    public async Task The_trail_is_filtered_told_apart_exported_and_verified_and_a_changed_entry_is_found_out()
    {
        await using var portal = await ServedPortal.StartAsync();
        using var leaf = TestAuthority.CreateSelfSignedLeaf("lamp-1");
        await portal.EnrollAsync("lamp-1", leaf);
        await using var window = await PortalBrowser.EnterAsync(browser, portal, UserRole.Reader);
        await window.GoAsync("/audit");
        await window.Page.GetByLabel("Action begins with").FillAsync("enrollment");
        await window.Page.GetByLabel("From").FillAsync(TimeProvider.System.GetUtcNow().AddDays(-1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        await window.Button("Search").ClickAsync();
        await Expect(window.Page.Locator("tbody tr")).ToHaveCountAsync(1);
        await window.Page.GetByText("Details", new() { Exact = true }).Last.ClickAsync();
        await Expect(window.Page.Locator("tbody")).ToContainTextAsync(leaf.Certificate.Thumbprint.ToString());
        await window.AssertAccessibleAsync("entry");
        await window.GoAsync("/audit");
        var download = await window.Page.RunAndWaitForDownloadAsync(() => window.Link("Export CSV").ClickAsync());
        Assert.Contains("enrollment.", await File.ReadAllTextAsync((await download.PathAsync())!, TestContext.Current.CancellationToken), StringComparison.Ordinal);

        await window.Page.GetByText("Verify…").ClickAsync();
        await window.Button("Verify the trail").ClickAsync();
        await Expect(window.Page.GetByRole(Microsoft.Playwright.AriaRole.Status)).ToContainTextAsync("The trail is whole");
        var head = await window.Page.Locator("[data-copied]").InnerTextAsync();
        await window.Page.GetByText("Verify…").ClickAsync();
        await window.Page.GetByLabel("A hash that you kept").FillAsync(head);
        await window.Button("Verify the trail").ClickAsync();
        await Expect(window.Page.GetByRole(Microsoft.Playwright.AriaRole.Status)).ToContainTextAsync("The trail is whole");

        await using (var database = portal.OpenDatabase())
        {
            await database.WriteAsync(
                session => session.Prepared("UPDATE audit SET actor = 'nobody' WHERE action = 'enrollment.save'").ExecuteNonQuery(),
                TestContext.Current.CancellationToken);
        }

        await window.Page.GetByText("Verify…").ClickAsync();
        await window.Button("Verify the trail").ClickAsync();
        await Expect(window.Page.GetByRole(Microsoft.Playwright.AriaRole.Alert)).ToContainTextAsync("does not fit those before it");
    }
}
