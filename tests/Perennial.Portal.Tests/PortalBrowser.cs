using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Perennial.Server.Users;

namespace Perennial.Portal.Tests;

/// <summary>A window of the browser on one portal.</summary>
internal sealed class PortalBrowser : IAsyncDisposable
{
    private const float Patience = 60_000;

    private readonly IBrowserContext _context;

    private PortalBrowser(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
    }

    public IPage Page { get; }

    /// <param name="fixture">The browser.</param>
    /// <param name="portal">What is looked at.</param>
    /// <param name="change">Other terms of the window.</param>
    public static async Task<PortalBrowser> OpenAsync(BrowserFixture fixture, ServedPortal portal, Action<BrowserNewContextOptions>? change = null)
    {
        var options = new BrowserNewContextOptions { BaseURL = portal.Address.ToString(), ViewportSize = new ViewportSize { Width = 1360, Height = 900 } };
        change?.Invoke(options);
        var context = await fixture.Browser.NewContextAsync(options);
        context.SetDefaultTimeout(Patience);
        return new PortalBrowser(context, await context.NewPageAsync());
    }

    /// <summary>A window in which a user of this role is signed in.</summary>
    public static async Task<PortalBrowser> EnterAsync(
        BrowserFixture fixture, ServedPortal portal, UserRole role, string name = "alice", Action<BrowserNewContextOptions>? change = null)
    {
        var window = await OpenAsync(fixture, portal, change);
        var session = await portal.EnterAsync(name, role);
        await window._context.AddCookiesAsync([new Cookie { Name = "perennial-session", Value = session, Url = portal.Address.ToString(), HttpOnly = true }]);
        return window;
    }

    public async Task GoAsync(string path)
    {
        var answer = await Page.GotoAsync(path);
        Assert.True(answer!.Ok, $"{path} answers {answer.Status}: {await answer.TextAsync()}");
    }

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = name, Exact = true });

    public ILocator Link(string name) => Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = name, Exact = true });

    public ILocator Heading(string name) => Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = name, Exact = true });

    /// <summary>Fails with what axe finds wrong on the page, in the colors that are shown.</summary>
    public async Task AssertAccessibleAsync(string what)
    {
        var result = await Page.RunAxe(new AxeRunOptions { ResultTypes = [ResultType.Violations] });
        var found = result.Violations.SelectMany(rule => rule.Nodes.Select(node => $"{rule.Id}: {node.Html} ({string.Join("; ", node.Any.Select(check => check.Message))})"));
        Assert.True(result.Violations.Length == 0, $"{what}:{Environment.NewLine}{string.Join(Environment.NewLine, found)}");
    }

    public ValueTask DisposeAsync() => _context.DisposeAsync();
}
