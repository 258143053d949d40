using Microsoft.Playwright;
using Perennial.Provisioning.Enrollments;
using Perennial.Server.Users;
using Perennial.TestCertificates;

namespace Perennial.Portal.Tests;

/// <summary>Every page in light and in dark: axe finds nothing wrong, script and style keep their measure, and a picture is taken.</summary>
public sealed class PictureTests(BrowserFixture browser)
{
    private const long MostScript = 200 * 1024;

    private static readonly (string Name, string Path)[] Pages =
    [
        ("overview", "/"),
        ("enrollments", "/enrollments"),
        ("enrollment-groups", "/enrollments?tab=groups"),
        ("enrollment", "/enrollments/individual/lamp-01"),
        ("enrollment-group", "/enrollments/group/factory-1"),
        ("enrollment-new", "/enrollments/new"),
    ];

    private static string Folder
    {
        get
        {
            // The pictures of the documents are written only when that is asked for.
            var root = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(root.FullName, "Perennial.slnx")))
            {
                root = root.Parent!;
            }

            return Path.Combine(root.FullName, Environment.GetEnvironmentVariable("PERENNIAL_SCREENSHOTS") is { Length: > 0 } ? "docs/screenshots" : "artifacts/screenshots");
        }
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Every_page_is_accessible_in_both_colors_and_light_to_load(ColorScheme colors)
    {
        await using var portal = await ServedPortal.StartAsync();
        await FillAsync(portal);
        await ShownFleet.FillAsync(portal);
        await portal.RestartAsync();
        await using var outside = await PortalBrowser.OpenAsync(browser, portal, options => options.ColorScheme = colors);
        await outside.GoAsync(portal.FirstInvitation!.PathAndQuery);
        await TakeAsync(outside, "first-user", colors);
        await using var window = await PortalBrowser.EnterAsync(browser, portal, UserRole.Administrator, change: options => options.ColorScheme = colors);
        var script = new Transferred(window.Page);
        foreach (var (name, path) in Pages.Concat(ShownFleet.Pages))
        {
            await window.GoAsync(path);
            await TakeAsync(window, name, colors);
        }

        await window.GoAsync("/refusals");
        await window.Page.Locator("tbody a").Last.ClickAsync();
        await window.Page.WaitForURLAsync("**/refusals/of/**");
        await TakeAsync(window, "refusal", colors);
        await outside.GoAsync("/sign-in");
        await TakeAsync(outside, "sign-in", colors);
        Assert.InRange(script.Script, 1, MostScript);
        await window.Page.SetViewportSizeAsync(390, 844);
        await window.GoAsync("/enrollments/individual/lamp-01");
        await TakeAsync(window, "enrollment-narrow", colors);
        Assert.True(await window.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), "the page is wider than the screen");
    }

    private static async Task TakeAsync(PortalBrowser window, string name, ColorScheme colors)
    {
        var color = colors == ColorScheme.Dark ? "dark" : "light";
        await window.AssertAccessibleAsync($"{name}, {color}");
        await window.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Folder, $"{name}-{color}.png"), FullPage = true });
    }

    private static async Task FillAsync(ServedPortal portal)
    {
        using var root = TestAuthority.CreateRoot("Example Root");
        using var signer = root.CreateIntermediate("Example Factory 1", Until(420));
        using var next = root.CreateIntermediate("Example Factory 1, next", Until(1200));
        Assert.True(EnrollmentKey.TryGroup("factory-1", out var group));
        await portal.EnrollAsync(group, new AttestationMechanism.Signers(new CertificateSlots(signer.Certificate, next.Certificate)));
        foreach (var number in Enumerable.Range(1, 24))
        {
            using var first = signer.IssueLeaf($"lamp-{number:00}", Until(number * 9));
            using var second = signer.IssueLeaf($"lamp-{number:00}", Until(365 + number));
            await portal.EnrollAsync($"lamp-{number:00}", first, number % 3 == 1 ? second : null, isEnabled: number % 7 != 0);
        }
    }

    private static TestCertificateOptions Until(int days) => new() { NotAfter = TimeProvider.System.GetUtcNow().AddDays(days) };
}
