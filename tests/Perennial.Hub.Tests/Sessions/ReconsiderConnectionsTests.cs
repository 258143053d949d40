using System.Diagnostics;
using Perennial.Hub.Sessions;
using Perennial.Hub.Tests.Fakes;
using Perennial.TestCertificates;

namespace Perennial.Hub.Tests.Sessions;

public sealed class ReconsiderConnectionsTests
{
    private readonly World _world = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_retired_certificate_drops_its_connection_and_no_other()
    {
        var (first, second) = (TestAuthority.CreateSelfSignedLeaf("a"), TestAuthority.CreateSelfSignedLeaf("b"));
        await _world.AddFollowerAsync("a", first.Certificate);
        await _world.AddFollowerAsync("b", second.Certificate);
        var (a, b) = (await _world.ConnectAsync("a", World.With(first)), await _world.ConnectAsync("b", World.With(second)));
        _world.Enrollments.Save("a", null, null);
        await _world.Reconsider.EnrollmentAsync(MemoryEnrollments.Reference("A"), Stop);
        Assert.Equal([CloseReason.TrustWithdrawn], a.Closed);
        Assert.Empty(b.Closed);
        Assert.Equal(1, _world.Sessions.Count);
    }

    [Fact]
    public async Task A_staged_certificate_drops_nothing()
    {
        var leaf = TestAuthority.CreateSelfSignedLeaf("a");
        await _world.AddFollowerAsync("a", leaf.Certificate);
        var live = await _world.ConnectAsync("a", World.With(leaf));
        _world.Enrollments.Save("a", leaf.Certificate, TestAuthority.CreateSelfSignedLeaf("a").Certificate);
        await _world.Reconsider.EnrollmentAsync(MemoryEnrollments.Reference("a"), Stop);
        Assert.Empty(live.Closed);
    }

    [Fact]
    public async Task What_cannot_be_checked_is_dropped()
    {
        var leaf = TestAuthority.CreateSelfSignedLeaf("a");
        await _world.AddFollowerAsync("a", leaf.Certificate);
        var live = await _world.ConnectAsync("a", World.With(leaf));
        _world.Devices.Reading = () => throw new IOException("The disk is gone.");
        await _world.Reconsider.EnrollmentAsync(MemoryEnrollments.Reference("a"), Stop);
        Assert.Equal([CloseReason.TrustWithdrawn], live.Closed);
    }

    [Fact]
    public async Task Ten_thousand_connections_are_reconsidered_within_two_seconds()
    {
        var leaf = TestAuthority.CreateSelfSignedLeaf("dev");
        var presented = World.With(leaf);
        var connections = new List<MemoryConnection>();
        for (var i = 0; i < 10_000; i++)
        {
            _world.Enrollments.Save("shared", leaf.Certificate, null);
            await _world.AddAsync($"dev-{i}", new Perennial.Hub.Devices.DeviceCredential.FollowsEnrollment(
                "shared", MemoryEnrollments.Reference("shared"), leaf.Certificate.Thumbprint));
            connections.Add(await _world.ConnectAsync($"dev-{i}", presented));
        }

        _world.Enrollments.Save("shared", null, null);
        var watch = Stopwatch.StartNew();
        await _world.Reconsider.EnrollmentAsync(MemoryEnrollments.Reference("shared"), Stop);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        Assert.All(connections, connection => Assert.Equal([CloseReason.TrustWithdrawn], connection.Closed));
        Assert.Equal(0, _world.Sessions.Count);
    }
}
