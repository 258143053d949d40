using Microsoft.Playwright;

namespace Perennial.Portal.Tests;

/// <summary>How many bytes of script a window was sent.</summary>
internal sealed class Transferred
{
    private long _script;

    public Transferred(IPage page) => page.RequestFinished += (_, request) =>
    {
        if (request.ResourceType == "script")
        {
            _ = AddAsync(request);
        }
    };

    public long Script => Interlocked.Read(ref _script);

    private async Task AddAsync(IRequest request)
    {
        var answer = await request.ResponseAsync();
        Interlocked.Add(ref _script, (await answer!.BodyAsync()).Length);
    }
}
