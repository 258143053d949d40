using Perennial.Provisioning.Blocks;
using Perennial.Provisioning.Enrollments;
using Perennial.Server.Storage.Sql;
using Perennial.Server.Users;
using Perennial.TestCertificates;
using static Microsoft.Playwright.Assertions;

namespace Perennial.Portal.Tests;

public sealed class RegistrationTests(BrowserFixture browser)
{
    [Fact]
    public async Task A_device_is_found_disconnected_disabled_and_deleted_and_each_act_names_the_user()
    {
        await using var portal = await ServedPortal.StartAsync();
        using var leaf = TestAuthority.CreateSelfSignedLeaf("lamp-1");
        await portal.EnrollAsync("lamp-1", leaf);
        await using var device = await PortalDevice.ConnectAsync(portal, "lamp-1", leaf);
        await using var window = await PortalBrowser.EnterAsync(browser, portal, UserRole.Operator);
        await window.GoAsync("/registrations?q=lamp-2");
        await Expect(window.Page.GetByText("Nothing matches")).ToBeVisibleAsync();
        await window.Page.GetByLabel("Registration id begins with").FillAsync("LAMP");
        await window.Page.GetByLabel("Status").SelectOptionAsync("assigned");
        await window.Button("Search").ClickAsync();
        await window.Link("lamp-1").ClickAsync();
        await Expect(window.Page.GetByText("Connected now.")).ToBeVisibleAsync();
        await Expect(window.Page.GetByText("By the primary certificate of individual enrollment 'lamp-1'.")).ToHaveCountAsync(2);
        await Expect(window.Page.Locator(".tree")).ToContainTextAsync("lamp-1");
        await window.AssertAccessibleAsync("device");

        await window.Button("Disconnect").ClickAsync();
        await Expect(window.Page.GetByText("Its connections were ended.")).ToBeVisibleAsync();
        await device.WaitForEndAsync();
        await window.Button("Disable").ClickAsync();
        await Expect(window.Heading("Before the identity is disabled")).ToBeVisibleAsync();
        await Expect(window.Page.GetByText("1 device loses access.")).ToBeVisibleAsync();
        await window.AssertAccessibleAsync("device before it is disabled");
        await window.Page.GetByLabel("Type how many lose access").FillAsync("1");
        await window.Page.GetByLabel("Why, for the record").FillAsync("stolen");
        await window.Button("Disable it all the same").ClickAsync();
        await Expect(window.Page.GetByText("The identity on the hub was disabled")).ToBeVisibleAsync();
        await window.Page.GetByText("Delete…").ClickAsync();
        await window.Page.GetByLabel("Delete the identity and twin on the hub too").CheckAsync();
        await window.Button("Delete").ClickAsync();
        await Expect(window.Page.GetByText("The registration was deleted.")).ToBeVisibleAsync();
        await Expect(window.Page.GetByText("No device has registered yet")).ToBeVisibleAsync();
        var hub = portal.Instance.Document.Hubs[0].Name;
        Assert.Equal(
            [
                $"user alice device.disconnect device 'lamp-1' of hub '{hub}'",
                $"user alice device.save device 'lamp-1' of hub '{hub}'",
                $"user alice impact.accept save the identity of the device 'lamp-1' of the hub '{portal.Instance.Document.Hubs[0].HostName}': 1 lose access: stolen",
                "user alice registration.delete registration 'lamp-1'",
                $"user alice device.delete device 'lamp-1' of hub '{hub}'",
            ],
            (await portal.AuditAsync()).Where(line => line.StartsWith("user alice", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_registration_of_a_device_of_a_blocked_group_goes_only_with_an_identity_that_has_a_credential_of_its_own()
    {
        await using var portal = await ServedPortal.StartAsync(options => options with { AzureMode = true });
        using var root = TestAuthority.CreateRoot("Root");
        Assert.True(EnrollmentKey.TryGroup("line-4", out var group));
        await portal.EnrollAsync(group, new AttestationMechanism.Signers(new CertificateSlots(root.Certificate, null)));
        await PortalDevice.RegisterAsync(portal, "lamp-1", root.IssueLeaf("lamp-1"));
        await using (var database = portal.OpenDatabase())
        {
            var block = new Block { Kind = BlockKind.Group, Name = "line-4", Reason = "stolen", Actor = "test", At = TimeProvider.System.GetUtcNow() };
            await new BlockStore(database, TimeProvider.System).SaveAsync(block, TestContext.Current.CancellationToken);
        }

        await using var window = await PortalBrowser.EnterAsync(browser, portal, UserRole.Operator);
        await window.GoAsync("/registrations/lamp-1");
        await window.Page.GetByText("Delete…").ClickAsync();
        await window.Button("Delete").ClickAsync();
        await Expect(window.Page.GetByText("The enrollment group 'line-4' is blocked")).ToBeVisibleAsync();
        await window.GoAsync("/registrations/lamp-1");
        await window.Page.GetByText("Delete…").ClickAsync();
        await window.Page.GetByLabel("Delete the identity and twin on the hub too").CheckAsync();
        await window.Button("Delete").ClickAsync();
        await Expect(window.Page.GetByText("The registration was deleted.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_reader_sees_a_device_and_changes_nothing()
    {
        await using var portal = await ServedPortal.StartAsync();
        using var leaf = TestAuthority.CreateSelfSignedLeaf("lamp-1");
        await portal.EnrollAsync("lamp-1", leaf);
        await PortalDevice.RegisterAsync(portal, "lamp-1", leaf);
        await using var window = await PortalBrowser.EnterAsync(browser, portal, UserRole.Reader);
        await window.GoAsync("/registrations/lamp-1");
        await Expect(window.Heading("Identity on the hub")).ToBeVisibleAsync();
        await Expect(window.Button("Disable")).ToHaveCountAsync(0);
        var token = await window.Page.Locator("form[action='/sign-out'] input[name='__RequestVerificationToken']").GetAttributeAsync("value");
        var form = window.Page.APIRequest.CreateFormData();
        form.Set("__RequestVerificationToken", token!);
        var answer = await window.Page.APIRequest.PostAsync(
            $"{portal.Address}registrations/lamp-1/delete", new Microsoft.Playwright.APIRequestContextOptions { Form = form });
        Assert.Equal(403, answer.Status);
        Assert.DoesNotContain(await portal.AuditAsync(), line => line.Contains("delete", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Pages_of_the_list_go_forth_and_back_without_a_row_lost()
    {
        await using var portal = await ServedPortal.StartAsync();
        var ids = Enumerable.Range(1, 120).Select(number => FormattableString.Invariant($"lamp-{number:000}")).ToList();
        await portal.StoreRegistrationsAsync(ids);
        await using var window = await PortalBrowser.EnterAsync(browser, portal, UserRole.Reader);
        await window.GoAsync("/registrations?q=lamp");
        await Expect(window.Page.GetByText("50 of 120")).ToBeVisibleAsync();
        await window.Link("Next →").ClickAsync();
        await Expect(window.Link("lamp-051")).ToBeVisibleAsync();
        await window.Link("Next →").ClickAsync();
        await Expect(window.Page.Locator("tbody tr")).ToHaveCountAsync(20);
        await Expect(window.Link("Next →")).ToHaveCountAsync(0);
        await window.Link("← Previous").ClickAsync();
        await Expect(window.Page.Locator("tbody tr").First).ToContainTextAsync("lamp-051");
        await window.Link("First").ClickAsync();
        await Expect(window.Page.Locator("tbody tr").First).ToContainTextAsync("lamp-001");
        await Expect(window.Link("← Previous")).ToHaveCountAsync(0);
    }
}
