using static Microsoft.Playwright.Assertions;

namespace Perennial.Portal.Tests;

/// <summary>What each walk through the steps of a breach does.</summary>
internal static class BreachWalk
{
    public static async Task BeginAsync(PortalBrowser window, string what, string name)
    {
        await window.Page.GetByLabel(what).CheckAsync();
        await window.Page.GetByLabel("Registration id, or id of the group").FillAsync(name);
        await window.Page.GetByLabel("What happened").FillAsync("stolen");
        await window.Button("Show the steps").ClickAsync();
    }

    /// <summary>Blocks what was compromised, which costs so many devices their access.</summary>
    public static async Task BlockAsync(PortalBrowser window, string losing)
    {
        await window.Page.GetByLabel("Type how many lose access").FillAsync(losing);
        await window.Button("Block it now").ClickAsync();
        await Expect(window.Page.GetByText("It is blocked. Live connections by it end within two seconds.")).ToBeVisibleAsync();
    }

    public static async Task TakeOutAsync(PortalBrowser window)
    {
        await window.Button("Take it out").ClickAsync();
        await Expect(window.Page.GetByText("The compromised certificate is out of the enrollment.")).ToBeVisibleAsync();
    }

    public static async Task CloseAsync(PortalBrowser window)
    {
        await window.Button("Close the breach").ClickAsync();
        await Expect(window.Page.GetByText("The breach is closed.")).ToBeVisibleAsync();
    }

    /// <summary>Fails unless the steps are marked like this, in order: <c>done</c> or <c>open</c>.</summary>
    public static Task ExpectAsync(PortalBrowser window, params string[] marks) => Expect(window.Page.Locator("section > h2 > .badge")).ToHaveTextAsync(marks);
}
