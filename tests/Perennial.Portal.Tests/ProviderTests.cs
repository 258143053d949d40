using Perennial.Server.Instances;
using Perennial.Server.Users;
using static Microsoft.Playwright.Assertions;

namespace Perennial.Portal.Tests;

public sealed class ProviderTests(BrowserFixture browser)
{
    [Fact]
    public async Task A_user_of_the_provider_signs_in_with_the_role_that_it_gives_and_one_without_a_role_does_not()
    {
        await using var provider = await LittleOpenIdProvider.StartAsync();
        var secret = Path.GetTempFileName();
        await File.WriteAllTextAsync(secret, LittleOpenIdProvider.Secret + "\n", TestContext.Current.CancellationToken);
        await using var portal = await ServedPortal.StartAsync(options => options with
        {
            Portal = new PortalOptions
            {
                Issuer = provider.Issuer,
                ClientId = LittleOpenIdProvider.Client,
                SecretFile = secret,
                Roles = [KeyValuePair.Create("fleet-readers", UserRole.Reader), KeyValuePair.Create("fleet-operators", UserRole.Operator)],
            },
        });
        await using var window = await PortalBrowser.OpenAsync(browser, portal);
        await window.GoAsync("/enrollments");
        await window.Link($"Sign in with {provider.Issuer.Host}").ClickAsync();
        await Expect(window.Heading("Manage enrollments")).ToBeVisibleAsync();
        await Expect(window.Page.GetByText("carol")).ToBeVisibleAsync();
        await Expect(window.Link("Add individual enrollment")).ToBeVisibleAsync();

        provider.User = ("carol", ["fleet-readers"]);
        await window.Button("Sign out").ClickAsync();
        await window.Link($"Sign in with {provider.Issuer.Host}").ClickAsync();
        await Expect(window.Page.Locator(".who")).ToContainTextAsync("Reader");

        provider.User = ("mallory", []);
        await window.Button("Sign out").ClickAsync();
        await window.Link($"Sign in with {provider.Issuer.Host}").ClickAsync();
        await Expect(window.Page.GetByText("The provider gives 'mallory' no role of this portal.")).ToBeVisibleAsync();

        provider.User = ("alice", ["fleet-operators"]);
        await portal.EnterAsync("alice", UserRole.Administrator);
        await window.GoAsync("/sign-in");
        await window.Link($"Sign in with {provider.Issuer.Host}").ClickAsync();
        await Expect(window.Page.GetByText("'alice' is a user of this server")).ToBeVisibleAsync();
        File.Delete(secret);
    }
}
