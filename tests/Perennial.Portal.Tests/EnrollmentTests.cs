using Microsoft.Playwright;
using Perennial.Server.Users;
using Perennial.TestCertificates;
using static Microsoft.Playwright.Assertions;

namespace Perennial.Portal.Tests;

public sealed class EnrollmentTests(BrowserFixture browser) : IDisposable
{
    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("perennial-files-");

    public void Dispose() => _files.Delete(recursive: true);

    [Fact]
    public async Task An_operator_adds_an_enrollment_stages_the_next_certificate_with_two_clicks_and_removes_the_old_one_over_a_restart()
    {
        await using var portal = await ServedPortal.StartAsync();
        await using var window = await PortalBrowser.EnterAsync(browser, portal, UserRole.Operator);
        using var first = TestAuthority.CreateSelfSignedLeaf("lamp-1");
        using var second = TestAuthority.CreateSelfSignedLeaf("lamp-1");
        await window.GoAsync("/enrollments");
        await window.Link("Add individual enrollment").ClickAsync();
        await window.Page.GetByLabel("Registration id").FillAsync("lamp-1");
        await window.Page.GetByLabel("Certificate", new PageGetByLabelOptions { Exact = true }).SetInputFilesAsync(Pem("first.pem", first));
        await window.Button("Add").ClickAsync();
        await Expect(window.Page.GetByText("The enrollment is made.")).ToBeVisibleAsync();
        await Expect(window.Page.GetByText(first.Certificate.Thumbprint.ToString())).ToBeVisibleAsync();
        await Expect(window.Page.GetByText(first.Certificate.Sha1Thumbprint)).ToBeVisibleAsync();

        // Picking shows what changes; saving is the second click. The server is another one by then.
        await window.Page.Locator("#secondary-file").SetInputFilesAsync(Der("second.der", second));
        await Expect(window.Page.GetByText("The secondary slot gets 'CN=lamp-1'")).ToBeVisibleAsync();
        await portal.RestartAsync();
        await window.Button("Save").ClickAsync();
        await Expect(window.Page.GetByText("Saved. The certificates count at once")).ToBeVisibleAsync();
        await Expect(window.Page.GetByText(second.Certificate.Thumbprint.ToString())).ToBeVisibleAsync();

        await window.Page.Locator("section", new PageLocatorOptions { HasText = "Primary certificate" }).GetByLabel("Remove current certificate").CheckAsync();
        await Expect(window.Page.GetByText("The primary certificate is removed.")).ToBeVisibleAsync();
        await window.Button("Save").ClickAsync();
        await Expect(window.Page.GetByText("Saved. The certificates count at once")).ToBeVisibleAsync();
        await Expect(window.Page.GetByText(first.Certificate.Thumbprint.ToString())).ToHaveCountAsync(0);

        await window.Page.GetByLabel("Devices are told to roll by").SelectOptionAsync("Method");
        await window.Button("Save settings").ClickAsync();
        await Expect(window.Page.GetByLabel("Devices are told to roll by")).ToHaveValueAsync("Method");
        Assert.Equal(
            Enumerable.Repeat("user alice enrollment.save individual enrollment 'lamp-1'", 4),
            (await portal.AuditAsync()).Where(line => line.Contains("enrollment.", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_file_that_does_not_belong_in_the_slot_is_refused_with_what_it_is_and_what_is_wanted()
    {
        await using var portal = await ServedPortal.StartAsync();
        using var leaf = TestAuthority.CreateSelfSignedLeaf("lamp-1");
        using var other = TestAuthority.CreateSelfSignedLeaf("lamp-2");
        using var over = TestAuthority.CreateSelfSignedLeaf("lamp-1", new TestCertificateOptions { NotAfter = new DateTimeOffset(2021, 1, 1, 0, 0, 0, TimeSpan.Zero) });
        using var root = TestAuthority.CreateRoot();
        await portal.EnrollAsync("lamp-1", leaf);
        await using var window = await PortalBrowser.EnterAsync(browser, portal, UserRole.Operator);
        await window.GoAsync("/enrollments/individual/lamp-1");
        (string File, string Said)[] wrong =
        [
            (Text("device.key", leaf.KeyPem), "This is a private key. It was not kept"),
            (Pem("again.pem", leaf), "This certificate stands in the other slot already"),
            (Pem("other.pem", other), "This is the certificate of 'lamp-2'"),
            (Pem("over.pem", over), "This certificate is over: it ended on 1 January 2021."),
            (Pem("ca.pem", root.Own), "This is the certificate of an authority (CA)"),
            (Text("notes.txt", "dear diary"), "This file holds no certificate."),
        ];
        foreach (var (file, said) in wrong)
        {
            await window.Page.Locator("#secondary-file").SetInputFilesAsync(file);
            await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync(said);
        }

        await window.AssertAccessibleAsync("a refused file");
        await Expect(window.Button("Save")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task The_list_finds_by_beginning_and_by_part_pages_and_changes_all_that_match()
    {
        await using var portal = await ServedPortal.StartAsync();
        using var leaf = TestAuthority.CreateSelfSignedLeaf("lamp-007");
        await portal.EnrollAsync("lamp-007", leaf);
        await portal.EnrollKeysAsync(Enumerable.Range(100, 120).Select(number => $"pump-{number}"));
        await using var window = await PortalBrowser.EnterAsync(browser, portal, UserRole.Operator);
        await window.GoAsync("/enrollments");
        await Expect(window.Page.GetByText("1–50 of 121")).ToBeVisibleAsync();
        await window.Link("Next →").ClickAsync();
        await Expect(window.Page.GetByText("51–100 of 121")).ToBeVisibleAsync();
        await window.Link("← Previous").ClickAsync();
        await Expect(window.Page.GetByText("1–50 of 121")).ToBeVisibleAsync();

        await window.Page.GetByLabel("Registration id").FillAsync("07");
        await window.Page.Locator("#match").SelectOptionAsync("any");
        await window.Button("Search").ClickAsync();
        await Expect(window.Page.GetByText("1–3 of 3")).ToBeVisibleAsync();
        await window.Page.GetByLabel("Registration id").FillAsync("pump");
        await window.Page.Locator("#match").SelectOptionAsync("");
        await window.Button("Search").ClickAsync();
        await window.Page.GetByLabel("All 120 that match").CheckAsync();
        await window.Button("Disable…").ClickAsync();
        await Expect(window.Heading("Disable 120 individual enrollments?")).ToBeVisibleAsync();
        await window.AssertAccessibleAsync("confirmation");
        await window.Button("Disable 120").ClickAsync();
        await Expect(window.Page.GetByText("120 enrollments were disabled.")).ToBeVisibleAsync();
        await window.GoAsync("/enrollments?enabled=no&sort=-id");
        await Expect(window.Page.GetByText("1–50 of 120")).ToBeVisibleAsync();
        await Expect(window.Page.Locator("tbody tr").First).ToContainTextAsync("pump-219");

        await window.GoAsync("/enrollments?attestation=Certificate");
        await window.Page.GetByLabel("Select lamp-007").CheckAsync();
        await window.Button("Delete…").ClickAsync();
        await window.Button("Delete 1").ClickAsync();
        await Expect(window.Page.GetByText("1 enrollment was deleted.")).ToBeVisibleAsync();
        Assert.Equal(121, (await portal.AuditAsync()).Count(line => line.StartsWith("user alice enrollment.", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Many_enrollments_are_not_deleted_before_it_is_seen_and_typed_how_many_devices_lose_access()
    {
        await using var portal = await ServedPortal.StartAsync();
        using var leaf = TestAuthority.CreateSelfSignedLeaf("lamp-1");
        using var unused = TestAuthority.CreateSelfSignedLeaf("lamp-2");
        await portal.EnrollAsync("lamp-1", leaf);
        await portal.EnrollAsync("lamp-2", unused);
        await PortalDevice.RegisterAsync(portal, "lamp-1", leaf);
        await using var window = await PortalBrowser.EnterAsync(browser, portal, UserRole.Operator);
        await window.GoAsync("/enrollments");
        await window.Page.GetByLabel("Select lamp-1").CheckAsync();
        await window.Page.GetByLabel("Select lamp-2").CheckAsync();
        await window.Button("Delete…").ClickAsync();
        await Expect(window.Page.GetByText("1 device loses access.")).ToBeVisibleAsync();
        await window.AssertAccessibleAsync("confirmation of a loss");
        await window.Page.GetByLabel("Type how many lose access").FillAsync("2");
        await window.Page.GetByLabel("Why, for the record").FillAsync("scrapped");
        await window.Button("Delete 2").ClickAsync();
        await Expect(window.Page.GetByText("Nothing was done. 1 would lose access")).ToBeVisibleAsync();
        await window.Page.GetByLabel("Type how many lose access").FillAsync("1");
        await window.Page.GetByLabel("Why, for the record").FillAsync("scrapped");
        await window.Button("Delete 2").ClickAsync();
        await Expect(window.Page.GetByText("2 enrollments were deleted.")).ToBeVisibleAsync();
        Assert.Contains("user alice impact.accept delete 2 enrollments: 1 lose access: scrapped", await portal.AuditAsync());
    }

    [Fact]
    public async Task A_reader_sees_and_cannot_change_and_a_forged_form_changes_nothing()
    {
        await using var portal = await ServedPortal.StartAsync();
        using var leaf = TestAuthority.CreateSelfSignedLeaf("lamp-1");
        await portal.EnrollAsync("lamp-1", leaf);
        await using var window = await PortalBrowser.EnterAsync(browser, portal, UserRole.Reader);
        await window.GoAsync("/enrollments/individual/lamp-1");
        await Expect(window.Button("Disable")).ToHaveCountAsync(0);
        await Expect(window.Button("Review changes")).ToHaveCountAsync(0);
        var token = await window.Page.Locator("input[name=__RequestVerificationToken]").First.GetAttributeAsync("value");
        var form = window.Page.APIRequest.CreateFormData();
        form.Append("enabled", "no");
        var forged = await window.Page.APIRequest.PostAsync("/enrollments/individual/lamp-1/enabled", new APIRequestContextOptions { Form = form });
        Assert.Equal(400, forged.Status);
        form.Append("__RequestVerificationToken", token!);
        var refused = await window.Page.APIRequest.PostAsync("/enrollments/individual/lamp-1/enabled", new APIRequestContextOptions { Form = form });
        Assert.Equal(403, refused.Status);
        Assert.DoesNotContain(await portal.AuditAsync(), line => line.StartsWith("user alice", StringComparison.Ordinal));
    }

    private string Pem(string name, TestCertificate certificate) => Text(name, certificate.CertificatePem);

    private string Der(string name, TestCertificate certificate)
    {
        var path = Path.Combine(_files.FullName, name);
        File.WriteAllBytes(path, certificate.Der.ToArray());
        return path;
    }

    private string Text(string name, string text)
    {
        var path = Path.Combine(_files.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
