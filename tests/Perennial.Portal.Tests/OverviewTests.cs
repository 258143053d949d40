using Perennial.Server.Users;
using Perennial.TestCertificates;
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
}
