using Microsoft.Playwright;
using Perennial.Provisioning.Enrollments;
using Perennial.Server.Users;
using Perennial.TestCertificates;
using static Microsoft.Playwright.Assertions;

namespace Perennial.Portal.Tests;

/// <summary>The steps out of a breach, with devices that are really connected.</summary>
public sealed class BreachTests(BrowserFixture browser) : IDisposable
{
    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("perennial-files-");
    private readonly TestAuthority _root = TestAuthority.CreateRoot("Root");

    public void Dispose()
    {
        _files.Delete(recursive: true);
        _root.Dispose();
    }

    [Fact]
    public async Task The_intermediate_of_a_group_is_blocked_replaced_and_taken_out_step_by_step_over_a_restart()
    {
        await using var portal = await ServedPortal.StartAsync();
        using var stolen = _root.CreateIntermediate("Stolen");
        using var next = _root.CreateIntermediate("Next");
        Assert.True(EnrollmentKey.TryGroup("line-4", out var group));
        await portal.EnrollAsync(group, new AttestationMechanism.Signers(new CertificateSlots(stolen.Certificate, null)));
        await using var device = await PortalDevice.ConnectAsync(portal, "lamp-1", stolen.IssueLeaf("lamp-1"));
        await using var window = await PortalBrowser.EnterAsync(browser, portal, UserRole.Operator);

        await window.GoAsync("/breach");
        await window.AssertAccessibleAsync("breach");
        await BreachWalk.BeginAsync(window, "The root of an enrollment group", "line-4");
        await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("is no root");
        await BreachWalk.BeginAsync(window, "The intermediate of an enrollment group", "line-4");
        await Expect(window.Page.GetByText("1 device loses access.")).ToBeVisibleAsync();
        await window.AssertAccessibleAsync("the steps");
        await window.Page.GetByLabel("Type how many lose access").FillAsync("7");
        await window.Button("Block it now").ClickAsync();
        await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("type this number to go on");
        await window.Page.GetByLabel("Type how many lose access").FillAsync("1");
        await window.Button("Block it now").ClickAsync();
        await Expect(window.Page.GetByText("It is blocked. Live connections by it end within two seconds.")).ToBeVisibleAsync();
        await device.WaitForEndAsync();

        await portal.RestartAsync();
        var steps = window.Page.Url;
        await window.Page.ReloadAsync();
        await BreachWalk.ExpectAsync(window, "done", "open", "open", "open");
        await window.Link("To the enrollment").ClickAsync();
        await window.Page.Locator("#secondary-file").SetInputFilesAsync(FileOf(next));
        await window.Button("Save").ClickAsync();
        await Expect(window.Page.GetByText("Saved. The certificates count at once")).ToBeVisibleAsync();
        await window.Page.GotoAsync(steps);
        await window.Button("Plan a roll for this breach").ClickAsync();
        await Expect(window.Page.GetByText("The roll is planned, with the reason breach.")).ToBeVisibleAsync();
        await BreachWalk.ExpectAsync(window, "done", "done", "open", "open");
        await Expect(window.Page.GetByText("1 device was last accepted below the compromised certificate.")).ToBeVisibleAsync();
        await (await PortalDevice.ConnectAsync(portal, "lamp-1", next.IssueLeaf("lamp-1"))).DisposeAsync();

        await window.Page.GotoAsync(steps);
        await BreachWalk.ExpectAsync(window, "done", "done", "done", "open");
        await window.Button("Take it out").ClickAsync();
        await Expect(window.Page.GetByText("The compromised certificate is out of the enrollment.")).ToBeVisibleAsync();
        await BreachWalk.ExpectAsync(window, "done", "done", "done", "done");
        await window.Button("Close the breach").ClickAsync();
        await Expect(window.Page.GetByText("The breach is closed.")).ToBeVisibleAsync();
        await window.AssertAccessibleAsync("the closed breach");
        Assert.Equal(
            ["breach.open", "credential.block", "impact.accept", "enrollment.save", "roll.create", "enrollment.save", "breach.close"],
            (await portal.AuditAsync()).Where(line => line.StartsWith("user alice ", StringComparison.Ordinal)).Select(line => line.Split(' ')[2]));
    }

    [Fact]
    public async Task The_certificate_of_one_device_of_a_group_is_drained_and_the_block_is_taken_away_again()
    {
        await using var portal = await ServedPortal.StartAsync();
        Assert.True(EnrollmentKey.TryGroup("line-4", out var group));
        await portal.EnrollAsync(group, new AttestationMechanism.Signers(new CertificateSlots(_root.Certificate, null)));
        await using var device = await PortalDevice.ConnectAsync(portal, "lamp-1", _root.IssueLeaf("lamp-1"));
        await using var other = await PortalDevice.ConnectAsync(portal, "lamp-2", _root.IssueLeaf("lamp-2"));
        await using var window = await PortalBrowser.EnterAsync(browser, portal, UserRole.Operator);
        await window.GoAsync("/breach");
        await BreachWalk.BeginAsync(window, "The certificate of one device of a group", "lamp-1");
        await window.Page.GetByLabel("Drain: its devices").CheckAsync();
        await window.Page.GetByLabel("Type how many lose access").FillAsync("1");
        await window.Button("Block it now").ClickAsync();
        await Expect(window.Page.GetByText("It is drained: devices may obtain a new certificate")).ToBeVisibleAsync();
        await device.WaitForEndAsync();

        await (await PortalDevice.ConnectAsync(portal, "lamp-1", _root.IssueLeaf("lamp-1"))).DisposeAsync();
        await portal.RestartAsync();
        await window.Page.ReloadAsync();
        await BreachWalk.ExpectAsync(window, "done", "done", "done");
        await Expect(window.Page.GetByText("The device was last accepted with another certificate.")).ToBeVisibleAsync();
        await window.GoAsync("/breach");
        await window.Page.GetByText("Take away…").ClickAsync();
        await window.Button("Take away").ClickAsync();
        await Expect(window.Page.GetByText("The block was taken away.")).ToBeVisibleAsync();
        await Expect(window.Page.GetByText("Nothing is blocked", new PageGetByTextOptions { Exact = true })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task What_is_drained_keeps_its_terms_and_is_cut_only_with_the_number_of_devices_that_lose_by_it_and_a_reason()
    {
        await using var portal = await ServedPortal.StartAsync();
        using var stolen = _root.CreateIntermediate("Stolen");
        Assert.True(EnrollmentKey.TryGroup("line-4", out var group));
        await portal.EnrollAsync(group, new AttestationMechanism.Signers(new CertificateSlots(stolen.Certificate, null)));
        await using var device = await PortalDevice.ConnectAsync(portal, "lamp-1", stolen.IssueLeaf("lamp-1"));
        await using var window = await PortalBrowser.EnterAsync(browser, portal, UserRole.Operator);
        await window.GoAsync("/breach");
        await BreachWalk.BeginAsync(window, "The intermediate of an enrollment group", "line-4");
        await window.Page.GetByLabel("Drain: its devices").CheckAsync();
        await window.Page.GetByLabel("Devices a minute, of a drain").FillAsync("7");
        await window.Page.GetByLabel("Who comes first").SelectOptionAsync("longestValid");
        await window.Page.GetByLabel("Type how many lose access").FillAsync("1");
        await window.Button("Block it now").ClickAsync();
        await device.WaitForEndAsync();

        await Expect(window.Page.GetByLabel("Drain: its devices")).ToBeCheckedAsync();
        await Expect(window.Page.GetByLabel("Who comes first")).ToHaveValueAsync("longestValid");
        await Expect(window.Page.GetByLabel("Devices a minute, of a drain")).ToHaveValueAsync("7");
        await window.Page.GetByLabel("Devices a minute, of a drain").FillAsync("9");
        await window.Button("Change the block").ClickAsync();
        await Expect(window.Page.GetByLabel("Devices a minute, of a drain")).ToHaveValueAsync("9");
        await Expect(window.Page.GetByText("It is drained: devices may obtain a new certificate")).ToBeVisibleAsync();
        await window.AssertAccessibleAsync("a drained breach");

        await window.Page.GetByLabel("Cut: refuse it at once").CheckAsync();
        await window.Button("Change the block").ClickAsync();
        await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("type this number to go on");
        await Expect(window.Page.GetByText("1 device loses access.")).ToBeVisibleAsync();
        await window.Page.GetByLabel("Cut: refuse it at once").CheckAsync();
        await window.Page.GetByLabel("Type how many lose access").FillAsync("1");
        await window.Button("Change the block").ClickAsync();
        await Expect(window.Page.GetByText("It is refused everywhere")).ToBeVisibleAsync();
        Assert.Equal(
            ["breach.open", "credential.drain", "impact.accept", "credential.drain", "credential.block", "impact.accept"],
            (await portal.AuditAsync()).Where(line => line.StartsWith("user alice ", StringComparison.Ordinal)).Select(line => line.Split(' ')[2]));
    }

    [Fact]
    public async Task A_ca_certificate_that_devices_need_is_deleted_only_with_their_number_and_a_reason()
    {
        await using var portal = await ServedPortal.StartAsync();
        await using var window = await PortalBrowser.EnterAsync(browser, portal, UserRole.Operator);
        await window.GoAsync("/certificates/new");
        await window.Page.GetByLabel("Name").FillAsync("factory");
        await window.Page.GetByLabel("Certificate", new PageGetByLabelOptions { Exact = true }).SetInputFilesAsync(FileOf(_root));
        await window.Page.Locator("input[name=vouch]").CheckAsync();
        await window.Button("Upload").ClickAsync();
        await Expect(window.Page.GetByText("The CA certificate was uploaded.")).ToBeVisibleAsync();
        Assert.True(EnrollmentKey.TryGroup("line-4", out var group));
        await portal.EnrollAsync(group, new AttestationMechanism.CaReferences(new CaReference("factory", Stored: null, IsVerified: false), null));
        await using var device = await PortalDevice.ConnectAsync(portal, "lamp-1", _root.IssueLeaf("lamp-1"));

        await window.Page.ReloadAsync();
        await window.Page.GetByText("Delete…").ClickAsync();
        await window.Button("Delete").ClickAsync();
        await Expect(window.Page.GetByText("1 device loses access.")).ToBeVisibleAsync();
        await window.AssertAccessibleAsync("before a deletion");
        await window.Page.GetByLabel("Type how many lose access").FillAsync("1");
        await window.Page.GetByLabel("Why, for the record").FillAsync("the factory was sold");
        await window.Button("Delete it all the same").ClickAsync();
        await Expect(window.Page.GetByText("There is no CA certificate yet")).ToBeVisibleAsync();
        await device.WaitForEndAsync();
        Assert.Contains(await portal.AuditAsync(), line => line.Contains("impact.accept", StringComparison.Ordinal) && line.EndsWith("1 lose access: the factory was sold", StringComparison.Ordinal));
    }

    private string FileOf(TestAuthority authority)
    {
        var path = Path.Combine(_files.FullName, "ca.pem");
        File.WriteAllText(path, authority.Own.CertificatePem);
        return path;
    }
}
