using Perennial.Hub.Registry;
using Perennial.Hub.Tests.Fakes;
using Perennial.Hub.Twins;
using Perennial.TestCertificates;

namespace Perennial.Hub.Tests.Registry;

public sealed class UpdateTwinTests : IDisposable
{
    private readonly World _world = new();
    private readonly MemoryTwins _twins = new();
    private readonly UpdateTwin _update;

    public UpdateTwinTests()
    {
        _twins.Add(Twin.Create(World.Id("dev"), _world.Time.GetUtcNow()));
        _update = new UpdateTwin(_twins, _world.Sessions, _world.Time);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _update.Dispose();

    [Fact]
    public async Task Of_many_patches_at_once_none_is_lost_and_the_device_hears_of_each_in_order()
    {
        var leaf = TestAuthority.CreateSelfSignedLeaf("dev");
        await _world.AddFollowerAsync("dev", leaf.Certificate);
        var live = await _world.ConnectAsync("dev", World.With(leaf));
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i =>
            _update.MergeAsync(World.Id("dev"), null, World.Json($$"""{"p{{i}}":{{i}}}"""), null, Stop)));
        var twin = await _twins.FindAsync(World.Id("dev"), Stop);
        Assert.Equal(100, twin!.Desired.Values.EnumerateObject().Count());
        Assert.Equal(Enumerable.Range(2, 100).Select(version => (long)version), live.Notices.Select(notice => notice.Version));
    }

    [Fact]
    public async Task A_device_hears_the_patch_after_a_merge_and_the_whole_after_a_replacement()
    {
        var leaf = TestAuthority.CreateSelfSignedLeaf("dev");
        await _world.AddFollowerAsync("dev", leaf.Certificate);
        var live = await _world.ConnectAsync("dev", World.With(leaf));
        await _update.MergeAsync(World.Id("dev"), null, World.Json("""{"a":1,"gone":null}"""), null, Stop);
        await _update.MergeAsync(World.Id("dev"), World.Json("""{"site":"x"}"""), null, null, Stop);
        await _update.ReplaceAsync(World.Id("dev"), null, World.Json("""{"b":{"c":null,"d":2}}"""), null, Stop);
        Assert.Equal(["""{"a":1,"gone":null}""", """{"b":{"d":2}}"""], live.Notices.Select(notice => notice.Patch.GetRawText()));
    }

    [Fact]
    public async Task A_stale_etag_changes_nothing()
    {
        var twin = await _twins.FindAsync(World.Id("dev"), Stop);
        Assert.IsType<TwinChange.Changed>(await _update.MergeAsync(World.Id("dev"), World.Json("{}"), null, twin!.ETag, Stop));
        var late = Assert.IsType<TwinChange.Refused>(await _update.MergeAsync(World.Id("dev"), World.Json("{}"), null, twin.ETag, Stop));
        Assert.Equal(TwinFaultKind.PreconditionFailed, late.Fault.Kind);
    }

    [Fact]
    public async Task A_report_leaves_the_etag_alone_and_moves_the_version()
    {
        var before = await _twins.FindAsync(World.Id("dev"), Stop);
        var report = new ReportProperties(_twins, _world.Time);
        var changed = Assert.IsType<TwinChange.Changed>(await report.RunAsync(World.Id("dev"), World.Json("""{"fw":"1"}"""), null, Stop));
        Assert.Equal(before!.ETag, changed.Next.ETag);
        Assert.Equal(before.Version + 1, changed.Next.Version);
        Assert.Equal(before.Reported.Version + 1, changed.Next.Reported.Version);
        Assert.IsType<TwinChange.Refused>(await report.RunAsync(World.Id("dev"), World.Json("{}"), 1, Stop));
        Assert.Null(await report.RunAsync(World.Id("other"), World.Json("{}"), null, Stop));
    }
}
