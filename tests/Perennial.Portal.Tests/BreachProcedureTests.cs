using System.Text;
using Microsoft.Playwright;
using Perennial.Provisioning.Enrollments;
using Perennial.Server.Users;
using Perennial.TestCertificates;
using static Microsoft.Playwright.Assertions;

namespace Perennial.Portal.Tests;

/// <summary>The procedures after a breach in the browser from end to end, with real devices and a restart of the service between steps.</summary>
public sealed class BreachProcedureTests(BrowserFixture browser)
{
    [Fact]
    public async Task The_leaf_of_an_individual_enrollment_is_blocked_replaced_and_taken_out_and_no_other_device_notices()
    {
        await using var portal = await ServedPortal.StartAsync();
        using var stolen = TestAuthority.CreateSelfSignedLeaf("lamp-1");
        using var next = TestAuthority.CreateSelfSignedLeaf("lamp-1");
        using var beside = TestAuthority.CreateSelfSignedLeaf("lamp-2");
        await portal.EnrollAsync("lamp-1", stolen);
        await portal.EnrollAsync("lamp-2", beside);
        await using var window = await PortalBrowser.EnterAsync(browser, portal, UserRole.Operator);
        await using (var device = await PortalDevice.ConnectAsync(portal, "lamp-1", stolen))
        await using (var other = await PortalDevice.ConnectAsync(portal, "lamp-2", beside))
        {
            await window.GoAsync("/breach");
            await BreachWalk.BeginAsync(window, "The certificate of a device with an individual enrollment", "lamp-9");
            await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("There is no individual enrollment 'lamp-9'.");
            await BreachWalk.BeginAsync(window, "The certificate of a device with an individual enrollment", "lamp-1");
            await BreachWalk.ExpectAsync(window, "open", "open", "open", "open");
            await BreachWalk.BlockAsync(window, losing: "1");
            await device.WaitForEndAsync();
            await other.PingAsync();
        }

        await PortalDevice.AssertRefusedAsync(portal, "lamp-1", stolen);
        await portal.RestartAsync();
        await window.Page.ReloadAsync();
        await BreachWalk.ExpectAsync(window, "done", "open", "open", "open");
        var steps = window.Page.Url;
        await window.Link("To the enrollment").ClickAsync();
        await window.Page.Locator("#secondary-file").SetInputFilesAsync(FileOf(next));
        await window.Button("Save").ClickAsync();
        await Expect(window.Page.GetByText("Saved. The certificates count at once")).ToBeVisibleAsync();
        await window.Page.GotoAsync(steps);
        await window.Button("Plan a roll for this breach").ClickAsync();
        await Expect(window.Page.GetByText("The roll is planned, with the reason breach.")).ToBeVisibleAsync();
        await BreachWalk.ExpectAsync(window, "done", "done", "open", "open");

        await (await PortalDevice.ConnectAsync(portal, "lamp-1", next)).DisposeAsync();
        await PortalDevice.AssertRefusedAsync(portal, "lamp-1", stolen);
        await portal.RestartAsync();
        await window.Page.ReloadAsync();
        await BreachWalk.ExpectAsync(window, "done", "done", "done", "open");
        await BreachWalk.TakeOutAsync(window);
        await BreachWalk.ExpectAsync(window, "done", "done", "done", "done");
        await BreachWalk.CloseAsync(window);
        await window.AssertAccessibleAsync("the closed breach");
        await PortalDevice.AssertRefusedAsync(portal, "lamp-1", stolen);
        await (await PortalDevice.ConnectAsync(portal, "lamp-1", next)).DisposeAsync();
        await AssertDoneAsync(portal, "breach.open", "credential.block", "impact.accept", "enrollment.save", "roll.create", "enrollment.save", "breach.close");
    }

    [Fact]
    public async Task The_root_that_a_group_refers_to_is_blocked_replaced_by_one_that_is_proven_taken_out_and_deleted()
    {
        await using var portal = await ServedPortal.StartAsync();
        using var stolen = TestAuthority.CreateRoot("Factory Root");
        using var line = stolen.CreateIntermediate("Line 4");
        using var root = TestAuthority.CreateRoot("Factory Root 2");
        using var nextLine = root.CreateIntermediate("Line 4");
        using var old = line.IssueLeaf("lamp-1");
        using var next = nextLine.IssueLeaf("lamp-1");
        await using var window = await PortalBrowser.EnterAsync(browser, portal, UserRole.Operator);
        await window.GoAsync("/certificates/new");
        await window.Page.Locator("input[name=vouch]").CheckAsync();
        await UploadAsync(window, "factory", stolen);
        Assert.True(EnrollmentKey.TryGroup("line-4", out var group));
        await portal.EnrollAsync(group, new AttestationMechanism.CaReferences(new CaReference("factory", Stored: null, IsVerified: false), null));
        await using (var device = await PortalDevice.ConnectAsync(portal, "lamp-1", old, line.Own))
        {
            await window.GoAsync("/breach");
            await BreachWalk.BeginAsync(window, "The intermediate of an enrollment group", "line-4");
            await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("is a root. Take the procedure for a root.");
            await BreachWalk.BeginAsync(window, "The root of an enrollment group", "line-4");
            await BreachWalk.ExpectAsync(window, "open", "open", "open", "open");
            await BreachWalk.BlockAsync(window, losing: "1");
            await device.WaitForEndAsync();
        }

        await AssertRefusedAsync(portal, stolen, old, line);
        await portal.RestartAsync();
        var steps = window.Page.Url;
        await window.Page.GotoAsync(steps);
        await BreachWalk.ExpectAsync(window, "done", "open", "open", "open");
        await window.Link("Upload a root").ClickAsync();
        await UploadAsync(window, "factory-2", root);
        await ProveAsync(window, root);
        await window.Page.GotoAsync(steps);
        await window.Link("To the enrollment").ClickAsync();
        await window.Page.GetByLabel("Secondary CA certificate").SelectOptionAsync("factory-2");
        await window.Button("Save CA certificates").ClickAsync();
        await Expect(window.Page.GetByText("Saved. The certificates count at once")).ToBeVisibleAsync();
        await window.AssertAccessibleAsync("a group that refers to CA certificates");

        await (await PortalDevice.ConnectAsync(portal, "lamp-1", next, nextLine.Own)).DisposeAsync();
        await AssertRefusedAsync(portal, stolen, old, line);
        await portal.RestartAsync();
        await window.Page.GotoAsync(steps);
        await BreachWalk.ExpectAsync(window, "done", "done", "done", "open");
        await BreachWalk.TakeOutAsync(window);
        await BreachWalk.ExpectAsync(window, "done", "done", "done", "done");
        await window.Link("factory").ClickAsync();
        await window.Page.GetByText("Delete…").ClickAsync();
        await window.Button("Delete").ClickAsync();
        await Expect(window.Page.GetByRole(AriaRole.Region, new PageGetByRoleOptions { Name = "CA certificates" }).Locator("tbody tr")).ToHaveCountAsync(1);

        await window.Page.GotoAsync(steps);
        await BreachWalk.CloseAsync(window);
        await AssertRefusedAsync(portal, stolen, old, line);
        await (await PortalDevice.ConnectAsync(portal, "lamp-1", next, nextLine.Own)).DisposeAsync();
        await AssertDoneAsync(
            portal,
            "ca-certificate.save",
            "breach.open",
            "credential.block",
            "impact.accept",
            "ca-certificate.save",
            "ca-certificate.challenge",
            "ca-certificate.verify",
            "enrollment.save",
            "enrollment.save",
            "ca-certificate.delete",
            "breach.close");
    }

    [Fact]
    public async Task A_group_is_pointed_away_from_a_ca_certificate_that_its_devices_need_only_with_their_number_and_a_reason()
    {
        await using var portal = await ServedPortal.StartAsync();
        using var root = TestAuthority.CreateRoot("Factory Root");
        using var other = TestAuthority.CreateRoot("Factory Root 2");
        using var leaf = root.IssueLeaf("lamp-1");
        await using var window = await PortalBrowser.EnterAsync(browser, portal, UserRole.Operator);
        foreach (var (name, authority) in new[] { ("factory", root), ("factory-2", other) })
        {
            await window.GoAsync("/certificates/new");
            await window.Page.Locator("input[name=vouch]").CheckAsync();
            await UploadAsync(window, name, authority);
        }

        Assert.True(EnrollmentKey.TryGroup("line-4", out var group));
        await portal.EnrollAsync(group, new AttestationMechanism.CaReferences(new CaReference("factory", Stored: null, IsVerified: false), null));
        await using var device = await PortalDevice.ConnectAsync(portal, "lamp-1", leaf);
        await window.GoAsync("/enrollments/group/line-4");
        await window.Page.GetByLabel("Primary CA certificate").SelectOptionAsync("factory-2");
        await window.Button("Save CA certificates").ClickAsync();
        await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("1 would lose access: type this number to go on");
        await Expect(window.Page.GetByLabel("Primary CA certificate")).ToHaveValueAsync("factory-2");
        await device.PingAsync();
        await window.Page.GetByLabel("Type how many lose access").FillAsync("1");
        await window.Page.GetByLabel("Why, for the record").FillAsync("the line was sold");
        await window.Button("Save them all the same").ClickAsync();
        await Expect(window.Page.GetByText("Saved. The certificates count at once")).ToBeVisibleAsync();
        await device.WaitForEndAsync();

        await window.Page.GetByLabel("Secondary CA certificate").SelectOptionAsync("factory-2");
        await window.Button("Save CA certificates").ClickAsync();
        await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Both slots of the enrollment group 'line-4' refer to the CA certificate 'factory-2'.");
    }

    private static async Task AssertRefusedAsync(ServedPortal portal, TestAuthority stolen, TestCertificate old, TestAuthority line)
    {
        await PortalDevice.AssertRefusedAsync(portal, "lamp-1", old, line.Own);

        // Whoever has the key of the root makes intermediates and leaves as many as they like.
        using var forgedLine = stolen.CreateIntermediate("Line 4");
        using var forged = forgedLine.IssueLeaf("lamp-1");
        await PortalDevice.AssertRefusedAsync(portal, "lamp-1", forged, forgedLine.Own);
    }

    private static async Task UploadAsync(PortalBrowser window, string name, TestAuthority authority)
    {
        await window.Page.GetByLabel("Name").FillAsync(name);
        await window.Page.GetByLabel("Certificate", new PageGetByLabelOptions { Exact = true }).SetInputFilesAsync(FileOf(authority.Own));
        await window.Button("Upload").ClickAsync();
        await Expect(window.Page.GetByText("The CA certificate was uploaded.")).ToBeVisibleAsync();
    }

    private static async Task ProveAsync(PortalBrowser window, TestAuthority authority)
    {
        await window.Button("Make a verification code").ClickAsync();
        var code = await window.Page.Locator("section", new PageLocatorOptions { HasText = "Prove that you hold its key" }).Locator("[data-copied]").InnerTextAsync();
        using var proof = authority.IssueLeaf(code);
        await window.Page.GetByLabel("Verification certificate").SetInputFilesAsync(FileOf(proof));
        await window.Button("Verify").ClickAsync();
        await Expect(window.Page.GetByText("Possession of the key is proven")).ToBeVisibleAsync();
    }

    private static async Task AssertDoneAsync(ServedPortal portal, params string[] acts) => Assert.Equal(
        acts, (await portal.AuditAsync()).Where(line => line.StartsWith("user alice ", StringComparison.Ordinal)).Select(line => line.Split(' ')[2]));

    private static FilePayload FileOf(TestCertificate certificate) =>
        new() { Name = "picked.pem", MimeType = "application/x-pem-file", Buffer = Encoding.ASCII.GetBytes(certificate.CertificatePem) };
}
