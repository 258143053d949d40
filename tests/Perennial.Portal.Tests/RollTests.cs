using Microsoft.Playwright;
using Perennial.Provisioning.Enrollments;
using Perennial.Server.Users;
using Perennial.TestCertificates;
using static Microsoft.Playwright.Assertions;

namespace Perennial.Portal.Tests;

/// <summary>Rolls in the portal, with devices that connect for real.</summary>
public sealed class RollTests(BrowserFixture browser) : IDisposable
{
    private readonly TestAuthority _old = TestAuthority.CreateRoot("Factory");
    private readonly TestAuthority _new = TestAuthority.CreateRoot("Factory, next");

    public void Dispose()
    {
        _old.Dispose();
        _new.Dispose();
    }

    [Fact]
    public async Task A_form_that_is_not_right_says_which_field_and_what_mends_it_and_a_draft_outlives_a_restart()
    {
        await using var portal = await ServedPortal.StartAsync();
        await EnrollAsync(portal);
        await using var window = await PortalBrowser.EnterAsync(browser, portal, UserRole.Operator);
        await window.GoAsync("/enrollments/group/line");
        await window.Link("Plan a roll").ClickAsync();
        await Expect(window.Page.GetByLabel("Enrollment group", new PageGetByLabelOptions { Exact = true })).ToHaveValueAsync("line");
        await window.Page.GetByLabel("Name of the roll").FillAsync("spring roll");
        await window.Page.GetByLabel("Growth").FillAsync("many");
        await window.Page.GetByLabel("Maintenance windows").FillAsync("someday 22:00-04:00 Europe/Berlin");
        await window.Button("Save the draft").ClickAsync();
        await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("3 fields are not right yet. Nothing was saved.");
        await Expect(window.Page.Locator("#id-fault")).ToHaveTextAsync("Give 1 to 64 letters, digits and dashes.");
        await Expect(window.Page.Locator("#growth-fault")).ToHaveTextAsync("Give a number from 1 to 100.");
        await Expect(window.Page.Locator("#windows-fault")).ToContainTextAsync("'someday 22:00-04:00 Europe/Berlin' is no window.");
        await window.AssertAccessibleAsync("a form that is not right");

        await window.Page.GetByLabel("Name of the roll").FillAsync("spring");
        await window.Page.GetByLabel("Growth").FillAsync("3");
        await window.Page.GetByLabel("Maintenance windows").FillAsync("saturday,sunday 22:00-04:00 Europe/Berlin\nmonday 01:00-02:00 UTC");
        await portal.RestartAsync();
        await window.Button("Save the draft").ClickAsync();
        await Expect(window.Page.GetByText("The draft is saved.")).ToBeVisibleAsync();
        await Expect(window.Page.GetByText("saturday, sunday 22:00-04:00 Europe/Berlin")).ToBeVisibleAsync();
        await Expect(window.Page.GetByText("10 devices, then 3 times as many each")).ToBeVisibleAsync();
        await window.AssertAccessibleAsync("a draft");
        await window.GoAsync("/rolls?state=Draft");
        await Expect(window.Page.Locator("tbody tr")).ToHaveCountAsync(1);
        await window.GoAsync("/rolls?state=Running");
        await Expect(window.Page.GetByText("No roll is in this state.")).ToBeVisibleAsync();
        Assert.Contains("user alice roll.create roll 'spring'", await portal.AuditAsync());
    }

    [Fact]
    public async Task A_draft_is_planned_anew_and_no_draft_is_overwritten_by_a_new_roll_of_its_name()
    {
        await using var portal = await ServedPortal.StartAsync();
        using var first = TestAuthority.CreateSelfSignedLeaf("lamp-1");
        using var second = TestAuthority.CreateSelfSignedLeaf("lamp-1");
        await portal.EnrollAsync("lamp-1", first, second);
        await using var window = await PortalBrowser.EnterAsync(browser, portal, UserRole.Operator);
        await window.GoAsync("/rolls/new");
        await window.Page.GetByLabel("Name of the roll").FillAsync("lamps");
        await window.Page.GetByLabel("The leaves of devices").CheckAsync();
        await window.Page.GetByLabel("Devices, for a roll of leaves").FillAsync("lamp-1 lamp-2");
        await window.Button("Save the draft").ClickAsync();
        await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("There is no individual enrollment 'lamp-2'");
        await window.Page.GetByLabel("An issuing authority of ours").CheckAsync();
        await window.Page.GetByLabel("Issuer", new PageGetByLabelOptions { Exact = true }).FillAsync("nobody");
        await window.Button("Save the draft").ClickAsync();
        await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("'nobody'");
        await window.Page.GetByLabel("The leaves of devices").CheckAsync();
        await window.Page.GetByLabel("Devices, for a roll of leaves").FillAsync("lamp-1");
        await window.Button("Preview").ClickAsync();
        await Expect(window.Page.GetByText("1 device belongs to it.")).ToBeVisibleAsync();
        await window.Button("Save the draft").ClickAsync();
        await window.Link("Change the plan").ClickAsync();
        await Expect(window.Heading("Plan lamps anew")).ToBeVisibleAsync();
        await Expect(window.Page.GetByLabel("Devices, for a roll of leaves")).ToHaveValueAsync("lamp-1");
        await window.Page.GetByLabel("Soak, minutes").FillAsync("15");
        await window.Page.GetByLabel("Retired at the end").SelectOptionAsync("secondary");
        await window.Button("Save the draft").ClickAsync();
        await Expect(window.Page.GetByText("of a wave, watched for 15 minutes")).ToBeVisibleAsync();

        await window.GoAsync("/rolls/new?group=line");
        await window.Page.GetByLabel("Name of the roll").FillAsync("LAMPS");
        await window.Button("Save the draft").ClickAsync();
        await Expect(window.Page.Locator("#id-fault")).ToHaveTextAsync("There is a roll of this name. Name the new one otherwise.");
    }

    [Fact]
    public async Task A_roll_that_goes_wrong_is_hastened_or_rolled_back_and_the_new_certificate_is_retired()
    {
        await using var portal = await ServedPortal.StartAsync();
        await EnrollAsync(portal);
        await RegisterAsync(portal, "pump-1", _old);
        await RegisterAsync(portal, "pump-2", _old);
        await using var window = await PortalBrowser.EnterAsync(browser, portal, UserRole.Operator);
        await window.GoAsync("/rolls/new?group=line");
        await window.Page.GetByLabel("Name of the roll").FillAsync("spring");
        await window.Page.GetByLabel("Spread, hours").FillAsync("5");
        await window.Button("Save the draft").ClickAsync();
        await window.Page.GetByText("Start without a rehearsal…").ClickAsync();
        await window.Page.GetByLabel("Why it is started all the same").FillAsync("a test");
        await window.Button("Start without a rehearsal").ClickAsync();
        await Expect(window.Page.Locator("#devices")).ToContainTextAsync("Told");
        await ActAsync(window, "Hasten", "Why it is hastened", "key leaked");
        await Expect(window.Page.GetByText("The windows that devices were told have begun.")).ToBeVisibleAsync();

        await RegisterAsync(portal, "pump-1", _new);
        await Expect(window.Page.GetByText("1 of 2 devices moved")).ToBeVisibleAsync();
        await ActAsync(window, "Roll back");
        await Expect(window.Page.GetByText("The roll is turned back.")).ToBeVisibleAsync();
        await Expect(window.Heading("Who holds the new certificate")).ToBeVisibleAsync();
        await window.AssertAccessibleAsync("a roll that is turned back");
        await RegisterAsync(portal, "pump-1", _old);
        await Expect(window.Page.GetByText("The new certificate was retired")).ToBeVisibleAsync();
        await window.GoAsync("/enrollments/group/line");
        await Expect(window.Page.GetByText(_old.Certificate.Thumbprint.ToString())).ToBeVisibleAsync();
        await Expect(window.Page.GetByText(_new.Certificate.Thumbprint.ToString())).ToHaveCountAsync(0);
        Assert.Contains("user alice roll.rollBack roll 'spring'", await portal.AuditAsync());
    }

    [Fact]
    public async Task A_reader_sees_a_roll_and_cannot_touch_it()
    {
        await using var portal = await ServedPortal.StartAsync();
        await EnrollAsync(portal);
        await using var alice = await PortalBrowser.EnterAsync(browser, portal, UserRole.Operator);
        await alice.GoAsync("/rolls/new?group=line");
        await alice.Page.GetByLabel("Name of the roll").FillAsync("spring");
        await alice.Button("Save the draft").ClickAsync();
        await Expect(alice.Page.GetByText("The draft is saved.")).ToBeVisibleAsync();

        await using var bob = await PortalBrowser.EnterAsync(browser, portal, UserRole.Reader, "bob");
        await bob.GoAsync("/rolls");
        await Expect(bob.Link("Plan a roll")).ToHaveCountAsync(0);
        await bob.GoAsync("/rolls/spring");
        await Expect(bob.Page.GetByText("Not started")).ToBeVisibleAsync();
        await Expect(bob.Page.Locator("main form")).ToHaveCountAsync(0);
        var token = await bob.Page.Locator("input[name=__RequestVerificationToken]").First.GetAttributeAsync("value");
        var form = bob.Page.APIRequest.CreateFormData();
        form.Append("__RequestVerificationToken", token!);
        Assert.Equal(403, (await bob.Page.APIRequest.PostAsync("/rolls/spring/start", new APIRequestContextOptions { Form = form })).Status);
        Assert.Equal(403, (await bob.Page.APIRequest.GetAsync("/rolls/new")).Status);
        Assert.DoesNotContain(await portal.AuditAsync(), line => line.Contains("roll.start", StringComparison.Ordinal));
    }

    private static async Task ActAsync(PortalBrowser window, string act, string? label = null, string reason = "")
    {
        await window.Page.GetByText($"{act}…").ClickAsync();
        if (label is not null)
        {
            await window.Page.GetByLabel(label).FillAsync(reason);
        }

        await window.Button(act).ClickAsync();
    }

    private static async Task RegisterAsync(ServedPortal portal, string id, TestAuthority signer)
    {
        using var leaf = signer.IssueLeaf(id);
        Assert.Contains("/200/", await PortalDevice.RegisterAsync(portal, id, leaf), StringComparison.Ordinal);
    }

    private async Task EnrollAsync(ServedPortal portal)
    {
        Assert.True(EnrollmentKey.TryGroup("line", out var group));
        await portal.EnrollAsync(group, new AttestationMechanism.Signers(new CertificateSlots(_old.Certificate, _new.Certificate)));
    }
}
