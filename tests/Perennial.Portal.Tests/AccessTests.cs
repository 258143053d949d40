using System.Web;
using Microsoft.Playwright;
using Perennial.Server.Users;
using static Microsoft.Playwright.Assertions;

namespace Perennial.Portal.Tests;

public sealed class AccessTests(BrowserFixture browser)
{
    private const string Password = "correct horse battery";

    [Fact]
    public async Task The_first_administrator_enrolls_codes_signs_out_and_in_again_and_a_code_works_once()
    {
        await using var portal = await ServedPortal.StartAsync();
        await using var window = await PortalBrowser.OpenAsync(browser, portal);
        await window.GoAsync("/");
        await Expect(window.Heading("Make the first administrator")).ToBeVisibleAsync();
        await window.GoAsync(portal.FirstInvitation!.PathAndQuery);
        var secret = await window.Page.Locator("[data-copied]").InnerTextAsync();
        var codes = new OneTimeCodes(FromBase32(secret));
        await window.Page.GetByLabel("Name").FillAsync("Alice");
        await window.Page.GetByLabel("Password", new PageGetByLabelOptions { Exact = true }).FillAsync(Password);
        await window.Page.GetByLabel("Password again").FillAsync(Password);
        var code = codes.CodeOf(OneTimeCodes.StepAt(TimeProvider.System.GetUtcNow()));
        await window.Page.GetByLabel("Code that the app shows now").FillAsync(code);
        await window.Button("Save and sign in").ClickAsync();
        await Expect(window.Heading("Overview")).ToBeVisibleAsync();
        await Expect(window.Page.GetByText("Administrator")).ToBeVisibleAsync();

        await window.Button("Sign out").ClickAsync();
        await Expect(window.Heading("Sign in")).ToBeVisibleAsync();
        await SignInAsync(window, "alice", Password, code);
        await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Name, password or code is wrong. 4 more attempts are left");
        await SignInAsync(window, "ALICE", Password, codes.CodeOf(OneTimeCodes.StepAt(TimeProvider.System.GetUtcNow()) + 1));
        await Expect(window.Heading("Overview")).ToBeVisibleAsync();
        Assert.Null(portal.FirstInvitation is { } used ? await AnswersAsync(window, used.PathAndQuery, 410) : null);
        Assert.Equal(
            ["first start user.invite first administrator", "user Alice user.join user 'Alice'"],
            (await portal.AuditAsync()).Where(line => line.Contains("user.", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Five_failed_attempts_lock_a_name_and_the_page_says_until_when()
    {
        await using var portal = await ServedPortal.StartAsync();
        await using var window = await PortalBrowser.EnterAsync(browser, portal, UserRole.Reader);
        await window.Page.Context.ClearCookiesAsync();
        await window.GoAsync("/sign-in");
        foreach (var said in new[] { "4 more attempts", "3 more attempts", "2 more attempts", "one more failed attempt", "is locked until" })
        {
            await SignInAsync(window, "alice", "wrong", "000000");
            await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync(said);
        }

        await SignInAsync(window, "nobody", "wrong", "000000");
        await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("4 more attempts");
    }

    [Fact]
    public async Task Without_a_session_every_page_leads_to_the_sign_in_and_back_again()
    {
        await using var portal = await ServedPortal.StartAsync();
        await using var window = await PortalBrowser.EnterAsync(browser, portal, UserRole.Reader);
        await window.Page.Context.ClearCookiesAsync();
        await window.GoAsync("/?tab=groups");
        Assert.Equal("/?tab=groups", HttpUtility.ParseQueryString(new Uri(window.Page.Url).Query)["return"]);
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = portal.Address };
        using var form = await http.PostAsync(new Uri("/sign-out", UriKind.Relative), new FormUrlEncodedContent([]), TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, form.StatusCode);
        foreach (var path in new[] { "/healthz/live", "/healthz/ready", "/metrics", "/trust-bundle.pem" })
        {
            using var open = await http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.Equal(System.Net.HttpStatusCode.OK, open.StatusCode);
        }
    }

    private static async Task SignInAsync(PortalBrowser window, string name, string password, string code)
    {
        await window.Page.GetByLabel("Name").FillAsync(name);
        await window.Page.GetByLabel("Password").FillAsync(password);
        await window.Page.GetByLabel("Code of the authenticator app").FillAsync(code);
        await window.Button("Sign in").ClickAsync();
        await window.Page.WaitForLoadStateAsync();
    }

    private static async Task<object?> AnswersAsync(PortalBrowser window, string path, int status)
    {
        var answer = await window.Page.GotoAsync(path);
        Assert.Equal(status, answer!.Status);
        return null;
    }

    private static byte[] FromBase32(string text)
    {
        var bits = string.Concat(text.Where(c => c != ' ').Select(c => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(c, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        return [.. Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.Substring(i * 8, 8), 2))];
    }
}
