using System.Text.Json;
using Perennial.Server.Tests.Http;

namespace Perennial.Server.Tests.Breach;

/// <summary>Begins drains.</summary>
internal static class Draining
{
    public const string Usual = """{"reason":"stolen","mode":"drain"}""";

    /// <summary>Saves the block, and waits until its devices are in order, for only then turns are given.</summary>
    public static async Task<JsonElement> BeginAsync(ServiceClient service, string path, string body = Usual)
    {
        var (status, _, answer) = await service.AskAsync(HttpMethod.Put, path, body);
        Assert.True(status == 200, answer.GetRawText());
        while (!(answer = (await service.AskAsync(HttpMethod.Get, path)).Body).TryGetProperty("turnsSinceUtc", out _))
        {
        }

        return answer;
    }
}
