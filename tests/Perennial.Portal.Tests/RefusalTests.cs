using Perennial.Server.Users;
using Perennial.TestCertificates;
using static Microsoft.Playwright.Assertions;

namespace Perennial.Portal.Tests;

public sealed class RefusalTests(BrowserFixture browser)
{
    [Fact]
    public async Task A_refusal_appears_by_itself_and_is_explained_with_its_chain_nearest_enrollment_and_remedy()
    {
        await using var portal = await ServedPortal.StartAsync();
        using var enrolled = TestAuthority.CreateSelfSignedLeaf("lamp-1");
        using var other = TestAuthority.CreateSelfSignedLeaf("lamp-1");
        await portal.EnrollAsync("lamp-1", enrolled);
        await using var window = await PortalBrowser.EnterAsync(browser, portal, UserRole.Reader);
        await window.GoAsync("/refusals");
        await Expect(window.Page.GetByText("No device was refused")).ToBeVisibleAsync();

        await PortalDevice.KnockAsync(portal, "lamp-1", other);
        await window.Link("Explain the refusal of lamp-1").ClickAsync();
        await Expect(window.Heading("First check that failed")).ToBeVisibleAsync();
        await Expect(window.Page.GetByText($"SHA-256 {other.Certificate.Thumbprint}")).ToBeVisibleAsync();
        await Expect(window.Page.Locator(".tree")).ToContainTextAsync("CN=lamp-1, issued by itself, valid 2020-01-01");
        await Expect(window.Link("Individual lamp-1")).ToBeVisibleAsync();
        await window.AssertAccessibleAsync("refusal");
        await window.Link("All about 3002 leaf-not-enrolled").ClickAsync();
        await Expect(window.Page.GetByText("What mends it.")).ToBeVisibleAsync();
        await window.AssertAccessibleAsync("reason");
    }

    [Fact]
    public async Task Without_script_the_list_shows_refusals_by_reason()
    {
        await using var portal = await ServedPortal.StartAsync();
        using var leaf = TestAuthority.CreateSelfSignedLeaf("stranger");
        await PortalDevice.KnockAsync(portal, "stranger", leaf);
        await using var window = await PortalBrowser.EnterAsync(browser, portal, UserRole.Reader, change: options => options.JavaScriptEnabled = false);
        await window.GoAsync("/refusals");
        await Expect(window.Link("stranger")).ToBeVisibleAsync();
        await window.Page.GetByLabel("Reason").SelectOptionAsync("2001");
        await window.Button("Show").ClickAsync();
        await Expect(window.Page.GetByText("No device was refused for this reason")).ToBeVisibleAsync();
    }
}
