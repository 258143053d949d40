using Microsoft.Playwright;
using Perennial.Provisioning.Enrollments;
using Perennial.Server.Users;
using Perennial.TestCertificates;
using static Microsoft.Playwright.Assertions;

namespace Perennial.Portal.Tests;

/// <summary>A roll from the draft to its end, by one operator in the portal, with devices over TLS.</summary>
public sealed class RollStoryTests : IDisposable
{
    private readonly BrowserFixture _browser;
    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("perennial-files-");
    private readonly TestAuthority _root = TestAuthority.CreateRoot("Factory root");
    private readonly TestAuthority _old;
    private readonly TestAuthority _new;

    public RollStoryTests(BrowserFixture browser)
    {
        _browser = browser;
        _old = _root.CreateIntermediate("Line 4");
        _new = _root.CreateIntermediate("Line 4, next");
    }

    public void Dispose()
    {
        _old.Dispose();
        _new.Dispose();
        _root.Dispose();
        _files.Delete(recursive: true);
    }

    [Fact]
    public async Task An_operator_stages_plans_previews_rehearses_starts_watches_a_halt_waives_resumes_and_sees_the_roll_completed()
    {
        await using var portal = await ServedPortal.StartAsync();
        Assert.True(EnrollmentKey.TryGroup("line-4", out var group));
        await portal.EnrollAsync(group, new AttestationMechanism.Signers(new CertificateSlots(_old.Certificate, null)));
        foreach (var device in new[] { "pump-1", "pump-2", "pump-3" })
        {
            Assert.Contains("/200/", await RegisterAsync(portal, device, _old), StringComparison.Ordinal);
        }

        await using var window = await PortalBrowser.EnterAsync(_browser, portal, UserRole.Operator);
        await StageAsync(window);
        await PlanAsync(window);
        await RehearseAsync(window);

        // The server is another one when the draft is started; nothing of it is lost.
        await portal.RestartAsync();
        await StartAsync(window);
        await Expect(window.Page.GetByText("Not started")).ToHaveCountAsync(0);
        await Expect(Row(window, "pump-1")).ToContainTextAsync("Told");

        // The canary comes back with a certificate of nobody's: the roll halts, and no other device is told.
        using (var wrong = TestAuthority.CreateSelfSignedLeaf("pump-1"))
        {
            await PortalDevice.KnockAsync(portal, "pump-1", wrong);
        }

        await Expect(window.Page.GetByText("Halted: 1 of 1 device of the wave was refused since it was offered the new certificate.")).ToBeVisibleAsync();
        await Expect(Row(window, "pump-1")).ToContainTextAsync("Refused");
        await Expect(Row(window, "pump-2")).ToContainTextAsync("its turn has not come");
        await window.AssertAccessibleAsync("a halted roll");

        await portal.RestartAsync();
        await WaiveAsync(window, "pump-1", "board broken, ticket 4711");
        await ActAsync(window, "Resume");
        await Expect(window.Page.GetByText("The roll goes on.")).ToBeVisibleAsync();
        await Expect(window.Page.GetByText("3 were told, 1 waived.")).ToBeVisibleAsync();

        // Those that were told obtain leaves of the new authority and use them.
        Assert.Contains("/200/", await RegisterAsync(portal, "pump-2", _new), StringComparison.Ordinal);
        await Expect(window.Page.GetByText("1 of 3 devices moved")).ToBeVisibleAsync();
        await Expect(window.Page.GetByText("It waits for")).ToBeVisibleAsync();
        Assert.Contains("/200/", await RegisterAsync(portal, "pump-3", _new), StringComparison.Ordinal);
        await Expect(window.Page.GetByText("The old certificate was retired")).ToBeVisibleAsync();
        await window.Page.ReloadAsync();
        await Expect(window.Page.GetByText("No device holds it", new PageGetByTextOptions { Exact = true })).ToBeVisibleAsync();
        await window.AssertAccessibleAsync("a completed roll");
        await ReadProofAsync(portal, window);
        await AssertEndAsync(portal, window);
    }

    private async Task StageAsync(PortalBrowser window)
    {
        var next = Path.Combine(_files.FullName, "next.pem");
        await File.WriteAllTextAsync(next, _new.Own.CertificatePem, TestContext.Current.CancellationToken);
        await window.GoAsync("/enrollments/group/line-4");
        await Expect(window.Link("Plan a roll")).ToHaveCountAsync(0);
        await window.Page.Locator("#secondary-file").SetInputFilesAsync(next);
        await window.Button("Save").ClickAsync();
        await Expect(window.Page.GetByText("Saved. The certificates count at once")).ToBeVisibleAsync();
    }

    private static async Task PlanAsync(PortalBrowser window)
    {
        await window.Link("Plan a roll").ClickAsync();
        await window.Page.GetByLabel("Name of the roll").FillAsync("spring");
        await window.Page.GetByLabel("Or the canary by name").FillAsync("pump-1");
        await window.Page.GetByLabel("Soak, minutes").FillAsync("0");
        await window.Button("Preview").ClickAsync();
        await Expect(window.Page.GetByText("3 devices belong to it.")).ToBeVisibleAsync();
        await Expect(window.Page.GetByText("3 devices lose access.")).ToBeVisibleAsync();
        await window.AssertAccessibleAsync("the preview of a roll");
        await window.Button("Save the draft").ClickAsync();
        await Expect(window.Page.GetByText("The draft is saved.")).ToBeVisibleAsync();
    }

    private static async Task RehearseAsync(PortalBrowser window)
    {
        await window.Button("Rehearse").ClickAsync();
        await Expect(window.Page.GetByText("The rehearsal began.")).ToBeVisibleAsync();
        await Expect(window.Page.GetByText("would lose access.")).ToBeVisibleAsync();
        await window.AssertAccessibleAsync("a rehearsal");
    }

    // What the rehearsal of so young a fleet blocks is started for a reason.
    private static async Task StartAsync(PortalBrowser window)
    {
        await window.GoAsync("/rolls/spring");
        var isRehearsed = await window.Page.GetByText("Nothing blocks").CountAsync() > 0;
        await window.Page.GetByText(isRehearsed ? "Start…" : "Start without a rehearsal…").ClickAsync();
        if (!isRehearsed)
        {
            await window.Page.GetByLabel("Why it is started all the same").FillAsync("tried on the bench");
        }

        await window.Button(isRehearsed ? "Start" : "Start without a rehearsal").ClickAsync();
        await Expect(window.Page.GetByText("The roll runs.")).ToBeVisibleAsync();
    }

    private static async Task WaiveAsync(PortalBrowser window, string device, string reason)
    {
        await Row(window, device).GetByText("Waive…").ClickAsync();
        await window.Page.GetByLabel($"Why {device} is not waited for").FillAsync(reason);
        await window.Button($"Waive {device}").ClickAsync();
        await Expect(window.Page.GetByText("The device is not waited for any longer.")).ToBeVisibleAsync();
        await Expect(Row(window, device)).ToHaveCountAsync(0);
    }

    private static async Task ActAsync(PortalBrowser window, string act)
    {
        await window.Page.GetByText($"{act}…").ClickAsync();
        await window.Button(act).ClickAsync();
    }

    // The report follows the end of the roll within seconds.
    private static async Task ReadProofAsync(ServedPortal portal, PortalBrowser window)
    {
        await window.GoAsync("/rolls/spring");
        for (var looks = 0; looks < 500 && !(await portal.AuditAsync()).Any(line => line.Contains("roll.proof", StringComparison.Ordinal)); looks++)
        {
            await window.Page.ReloadAsync();
        }

        await window.Link("to read and print").ClickAsync();
        await Expect(window.Page.GetByText("board broken, ticket 4711").First).ToBeVisibleAsync();
        await Expect(window.Page.GetByText("pump-3").First).ToBeVisibleAsync();
    }

    private async Task AssertEndAsync(ServedPortal portal, PortalBrowser window)
    {
        using (var retired = _old.IssueLeaf("pump-2"))
        {
            await PortalDevice.KnockAsync(portal, "pump-2", retired);
        }

        await window.GoAsync("/registrations/pump-2");
        await Expect(window.Page.GetByText("Last refused")).ToBeVisibleAsync();
        await window.GoAsync("/registrations/pump-3");
        await Expect(window.Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Rolls" })).ToBeVisibleAsync();
        await Expect(window.Link("spring")).ToBeVisibleAsync();
        await window.GoAsync("/enrollments/group/line-4");
        await Expect(window.Page.GetByText(_old.Certificate.Thumbprint.ToString())).ToHaveCountAsync(0);
        var acts = (await portal.AuditAsync()).Where(line => line.EndsWith(" roll 'spring'", StringComparison.Ordinal) && !line.Contains("ehears", StringComparison.Ordinal)).Select(line => line[..line.IndexOf(" roll '", StringComparison.Ordinal)]);
        Assert.Equal(["user alice roll.create", "user alice roll.start", "roll roll.halt", "user alice roll.waive", "user alice roll.resume", "roll roll.wave", "roll roll.complete", "roll roll.proof"], acts);
    }

    private static async Task<string> RegisterAsync(ServedPortal portal, string device, TestAuthority signer)
    {
        using var leaf = signer.IssueLeaf(device);
        return await PortalDevice.RegisterAsync(portal, device, leaf);
    }

    private static ILocator Row(PortalBrowser window, string device) =>
        window.Page.Locator("#devices tbody tr", new PageLocatorOptions { Has = window.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = device, Exact = true }) });
}
