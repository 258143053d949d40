using Microsoft.Playwright;
using Perennial.Server.Users;
using Perennial.TestCertificates;
using static Microsoft.Playwright.Assertions;

namespace Perennial.Portal.Tests;

public sealed class HubTests(BrowserFixture browser)
{
    [Fact]
    public async Task A_hub_tells_its_devices_and_connections_and_another_one_is_linked_weighted_and_unlinked()
    {
        await using var portal = await ServedPortal.StartAsync();
        using var leaf = TestAuthority.CreateSelfSignedLeaf("lamp-1");
        await portal.EnrollAsync("lamp-1", leaf);
        await using var device = await PortalDevice.ConnectAsync(portal, "lamp-1", leaf);
        await using var window = await PortalBrowser.EnterAsync(browser, portal, UserRole.Administrator);
        await window.GoAsync("/hubs");
        var own = window.Page.Locator("tbody tr").First;
        Assert.Equal(["100 %", "1", "1"], (await own.Locator("td.number").AllInnerTextsAsync()).Skip(1));
        await window.Page.GetByLabel("Connection string").FillAsync("HostName=elsewhere.example;SharedAccessKey=a2V5");
        await window.Button("Link").ClickAsync();
        await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("SharedAccessKeyName");
        await window.Page.GetByLabel("Connection string").FillAsync("HostName=elsewhere.example;SharedAccessKeyName=iothubowner;SharedAccessKey=a2V5a2V5a2V5a2V5");
        await window.Page.GetByLabel("Weight").FillAsync("3");
        await window.Button("Link").ClickAsync();
        await Expect(window.Page.GetByText("The hub was linked")).ToBeVisibleAsync();
        await Expect(own).ToContainTextAsync("25 %");
        Assert.DoesNotContain("a2V5a2V5a2V5a2V5", await window.Page.ContentAsync(), StringComparison.Ordinal);
        await window.Link("elsewhere.example").ClickAsync();
        await window.Page.GetByLabel("Takes part in allocation").UncheckAsync();
        await window.Button("Save").ClickAsync();
        await Expect(window.Page.GetByText("by name only")).ToBeVisibleAsync();
        await window.Link("elsewhere.example").ClickAsync();
        await window.AssertAccessibleAsync("hub");
        await window.Page.GetByText("Unlink…").ClickAsync();
        await window.Button("Unlink").ClickAsync();
        await Expect(window.Page.GetByText("The hub was unlinked")).ToBeVisibleAsync();
        await Expect(window.Page.Locator("tbody tr")).ToHaveCountAsync(1);
        Assert.Equal(3, (await portal.AuditAsync()).Count(line => line.StartsWith("user alice ", StringComparison.Ordinal)));
    }
}
