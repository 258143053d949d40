using System.Net;
using System.Text.RegularExpressions;
using Perennial.Bench.Results;
using Perennial.Bench.Servers;
using Perennial.Server.Portal.Access;
using Perennial.Server.Storage.Sql;
using Perennial.Server.Storage.Sqlite;
using Perennial.Server.Users;

namespace Perennial.Bench;

/// <summary>Times the portal's pages beside a large fleet, as a browser asks for them: each list from its front, page after page.</summary>
internal sealed partial class PortalPages : IDisposable
{
    private const int Pages = 100;

    private const string User = "bench";

    private static readonly TimeProvider Time = TimeProvider.System;

    private static readonly (string Name, string Path)[] Lists =
    [
        ("individual enrollments", "/enrollments"),
        ("individual enrollments that begin with 'individual-x04'", "/enrollments?q=individual-x04"),
        ("enrollment groups", "/enrollments?tab=groups"),
        ("registration records of groups", "/registrations"),
        ("registration records of individual enrollments", "/registrations?kind=individual"),
        ("refusals", "/refusals"),
        ("audit", "/audit"),
    ];

    private static readonly (string Name, string Path)[] Others =
    [
        ("overview", "/"),
        ("an individual enrollment", "/enrollments/individual/individual-x0000500"),
        ("the group of half the fleet", "/enrollments/group/sandbox-group"),
        ("certificates", "/certificates"),
        ("hubs", "/hubs"),
        ("settings", "/settings"),
    ];

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });
    private readonly Uri _address;
    private readonly OneTimeToken _session;

    private PortalPages(Uri address, OneTimeToken session)
    {
        _address = address;
        _session = session;
    }

    /// <summary>Signs in to the server on this data folder.</summary>
    public static async Task<PortalPages> EnterAsync(PerennialServer server, string folder)
    {
        await using var database = SqliteDatabase.Open(Path.Combine(folder, "perennial.db"), Time);
        var (users, sessions) = (new UserStore(database, Time), new SessionStore(database, Time));
        if (!UserName.TryParse(User, out var name))
        {
            throw new InvalidOperationException($"'{User}' is not a user's name.");
        }

        await users.SaveAsync(new User { Name = name, Role = UserRole.Reader, Created = Time.GetUtcNow() }, User, CancellationToken.None);
        var token = OneTimeToken.Fresh();
        return await sessions.StartAsync(token.Hash, name, codeStep: null, CancellationToken.None)
            ? new PortalPages(new Uri($"http://localhost:{server.Summary.Ports.Portal}"), token)
            : throw new InvalidOperationException("The session was not started.");
    }

    /// <summary>Milliseconds a page of each list, at the client; a list that is shorter begins again.</summary>
    public Task<IReadOnlyList<(string Page, Figures Milliseconds)>> TakeListsAsync() => TakeAsync(Lists);

    /// <summary>Milliseconds of every other page.</summary>
    public Task<IReadOnlyList<(string Page, Figures Milliseconds)>> TakeOthersAsync() => TakeAsync(Others);

    public void Dispose() => _http.Dispose();

    private async Task<IReadOnlyList<(string Page, Figures Milliseconds)>> TakeAsync((string Name, string Path)[] pages)
    {
        var taken = new List<(string, Figures)>();
        foreach (var (name, first) in pages)
        {
            var (times, path) = (new List<double>(), first);
            while (times.Count < Pages)
            {
                var started = Time.GetTimestamp();
                var text = await ReadAsync(path);
                times.Add(Time.GetElapsedTime(started).TotalMilliseconds);
                path = Next().Match(text) is { Success: true } next ? WebUtility.HtmlDecode(next.Groups[1].Value) : first;
            }

            taken.Add((name, new Figures(times)));
        }

        return taken;
    }

    private async Task<string> ReadAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_address, path));
        request.Headers.Add("Cookie", $"{SessionCookie.Name}={_session.Text}");
        using var answer = await _http.SendAsync(request, CancellationToken.None);
        return answer.StatusCode == HttpStatusCode.OK
            ? await answer.Content.ReadAsStringAsync()
            : throw new InvalidOperationException($"{path} answered {(int)answer.StatusCode}.");
    }

    [GeneratedRegex("rel=\"next\" href=\"([^\"]+)\"")]
    private static partial Regex Next();
}
