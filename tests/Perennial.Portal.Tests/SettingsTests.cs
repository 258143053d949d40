using Microsoft.Playwright;
using Perennial.Server.Instances;
using Perennial.Server.Users;
using static Microsoft.Playwright.Assertions;

namespace Perennial.Portal.Tests;

public sealed class SettingsTests(BrowserFixture browser)
{
    [Fact]
    public async Task Keys_of_a_policy_are_shown_on_request_alone_and_rolled_and_each_act_is_written_down()
    {
        await using var portal = await ServedPortal.StartAsync();
        var owner = portal.Instance.Policies.OwnerOf(PolicyScope.Provisioning);
        await using var window = await PortalBrowser.EnterAsync(browser, portal, UserRole.Administrator);
        await window.GoAsync("/settings");
        Assert.DoesNotContain(owner.PrimaryKey, await window.Page.ContentAsync(), StringComparison.Ordinal);
        await window.Button("Show keys of provisioningserviceowner").ClickAsync();
        await Expect(window.Page.GetByText(owner.PrimaryKey, new PageGetByTextOptions { Exact = true })).ToBeVisibleAsync();
        await window.AssertAccessibleAsync("keys");
        await window.Page.GetByLabel("Roll a key… of provisioningserviceowner").ClickAsync();
        await window.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Roll the primary key" }).ClickAsync();
        await Expect(window.Page.GetByText("The key was replaced")).ToBeVisibleAsync();
        var rolled = portal.Instance.PolicyFile(TimeProvider.System).Read().OwnerOf(PolicyScope.Provisioning);
        Assert.NotEqual(owner.PrimaryKey, rolled.PrimaryKey);
        Assert.Equal(owner.SecondaryKey, rolled.SecondaryKey);
        await window.Page.GetByLabel("Delete… provisioningserviceowner").ClickAsync();
        await window.Button("Delete provisioningserviceowner").ClickAsync();
        await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("must stay, or nobody could change policies any more");
        var lines = (await portal.AuditAsync()).Where(line => line.StartsWith("user alice policy.", StringComparison.Ordinal)).ToList();
        Assert.Equal("user alice policy.show-keys policy 'provisioningserviceowner' of the provisioning service", lines[0]);
        Assert.Equal(2, lines.Count);
    }

    [Fact]
    public async Task A_user_is_invited_joins_gets_another_role_and_is_removed_and_the_last_administrator_stays()
    {
        await using var portal = await ServedPortal.StartAsync();
        await using var window = await PortalBrowser.EnterAsync(browser, portal, UserRole.Administrator);
        await window.GoAsync("/settings/users");
        await window.Page.GetByLabel("Name").FillAsync("bob");
        await window.Page.GetByLabel("Role", new PageGetByLabelOptions { Exact = true }).SelectOptionAsync("Operator");
        await window.Button("Invite").ClickAsync();
        var address = new Uri(await window.Page.Locator("[data-copied]").InnerTextAsync());
        await using (var other = await PortalBrowser.OpenAsync(browser, portal))
        {
            await other.GoAsync(address.PathAndQuery);
            await Expect(other.Heading("Welcome, bob")).ToBeVisibleAsync();
        }

        await portal.EnterAsync("bob", UserRole.Operator);
        await window.GoAsync("/settings/users");
        await window.AssertAccessibleAsync("users");
        await window.Page.GetByLabel("Role of bob", new PageGetByLabelOptions { Exact = true }).SelectOptionAsync("Reader");
        await window.Button("Change the role of bob").ClickAsync();
        await Expect(window.Page.GetByText("The role was changed")).ToBeVisibleAsync();
        await window.Button("Reset bob").ClickAsync();
        await Expect(window.Page.GetByText("Hand this address over to bob.")).ToBeVisibleAsync();
        await window.Page.GetByLabel("Remove… bob").ClickAsync();
        await window.Button("Remove bob").ClickAsync();
        await Expect(window.Page.GetByText("The user was removed")).ToBeVisibleAsync();
        await window.Page.GetByLabel("Remove… alice").ClickAsync();
        await window.Button("Remove alice").ClickAsync();
        await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("This is the last administrator");
        Assert.Equal(
            ["user.invite", "user.save", "user.invite", "user.remove"],
            (await portal.AuditAsync()).Where(line => line.StartsWith("user alice ", StringComparison.Ordinal)).Select(line => line.Split(' ')[2]));
    }

    [Fact]
    public async Task A_webhook_is_added_tested_rolled_and_deleted()
    {
        await using var portal = await ServedPortal.StartAsync();
        await using var window = await PortalBrowser.EnterAsync(browser, portal, UserRole.Administrator);
        await window.GoAsync("/settings/webhooks");
        await window.Page.GetByLabel("Name").FillAsync("pager");
        await window.Page.GetByLabel("Address").FillAsync("http://localhost:1/notices");
        await window.Button("Add").ClickAsync();
        await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("is not an HTTPS address");
        await window.Page.GetByLabel("Address").FillAsync("https://localhost:1/notices");
        await window.Button("Add").ClickAsync();
        await window.Button("Send a test").ClickAsync();
        await Expect(window.Page.GetByText("A test notice was made")).ToBeVisibleAsync();
        await Expect(window.Page.Locator("tbody tr")).ToContainTextAsync("test");
        await window.Button("Show keys").ClickAsync();
        var secondary = await window.Page.Locator("[data-copied]").Last.InnerTextAsync();
        await window.Button("Roll keys").ClickAsync();
        await Expect(window.Page.GetByText("The secondary key became the primary one")).ToBeVisibleAsync();
        await window.Button("Show keys").ClickAsync();
        await Expect(window.Page.Locator("[data-copied]").First).ToHaveTextAsync(secondary);
        await window.AssertAccessibleAsync("webhook");
        await window.Page.GetByText("Delete…").ClickAsync();
        await window.Button("Delete").ClickAsync();
        await Expect(window.Page.GetByText("Nobody is told yet")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task An_operator_sees_policies_without_keys_and_no_users()
    {
        await using var portal = await ServedPortal.StartAsync();
        await using var window = await PortalBrowser.EnterAsync(browser, portal, UserRole.Operator);
        await window.GoAsync("/settings");
        await Expect(window.Page.GetByText("provisioningserviceowner")).ToBeVisibleAsync();
        await Expect(window.Page.GetByText("Show keys")).ToHaveCountAsync(0);
        var answer = await window.Page.GotoAsync("/settings/users");
        Assert.Equal(403, answer!.Status);
    }
}
