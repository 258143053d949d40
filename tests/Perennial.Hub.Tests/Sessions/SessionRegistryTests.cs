using Perennial.Hub.Sessions;
using Perennial.Hub.Tests.Fakes;
using Perennial.TestCertificates;

namespace Perennial.Hub.Tests.Sessions;

public sealed class SessionRegistryTests
{
    private readonly World _world = new();
    private readonly TestCertificate _leaf = TestAuthority.CreateSelfSignedLeaf("dev");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_newest_connection_wins_and_the_older_is_closed()
    {
        await _world.AddFollowerAsync("dev", _leaf.Certificate);
        var older = await _world.ConnectAsync("dev", World.With(_leaf));
        var newer = await _world.ConnectAsync("dev", World.With(_leaf));
        Assert.Equal([CloseReason.Superseded], older.Closed);
        Assert.Empty(newer.Closed);
        Assert.Same(newer, _world.Sessions.Find(World.Id("dev"))!.Connection);
    }

    [Fact]
    public async Task Of_many_connections_at_once_one_lives_and_every_other_is_closed_once()
    {
        await _world.AddFollowerAsync("dev", _leaf.Certificate);
        var connections = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => _world.ConnectAsync("dev", World.With(_leaf)))));
        var living = Assert.Single(connections, connection => connection.Closed.IsEmpty);
        Assert.Same(living, _world.Sessions.Find(World.Id("dev"))!.Connection);
        Assert.All(connections.Except([living]), connection => Assert.Equal([CloseReason.Superseded], connection.Closed));
    }

    [Fact]
    public async Task An_older_connection_that_ends_leaves_the_newer_in_place()
    {
        await _world.AddFollowerAsync("dev", _leaf.Certificate);
        await _world.ConnectAsync("dev", World.With(_leaf));
        var older = _world.Sessions.Find(World.Id("dev"))!;
        await _world.ConnectAsync("dev", World.With(_leaf));
        _world.Sessions.Remove(older);
        Assert.True(_world.Sessions.StateOf(World.Id("dev")).IsConnected);
    }

    [Fact]
    public async Task The_state_outlives_the_connection()
    {
        await _world.AddFollowerAsync("dev", _leaf.Certificate);
        Assert.Equal(ConnectionState.Never, _world.Sessions.StateOf(World.Id("dev")));
        await _world.ConnectAsync("dev", World.With(_leaf));
        var connected = _world.Time.GetUtcNow();
        var session = _world.Sessions.Find(World.Id("dev"))!;
        Assert.Equal(new ConnectionState(true, connected, connected), _world.Sessions.StateOf(World.Id("dev")));
        _world.Time.Advance(TimeSpan.FromMinutes(1));
        session.Touch(_world.Time.GetUtcNow());
        _world.Time.Advance(TimeSpan.FromMinutes(1));
        _world.Sessions.Remove(session);
        Assert.Equal(new ConnectionState(false, connected.AddMinutes(2), connected.AddMinutes(1)), _world.Sessions.StateOf(World.Id("dev")));
    }

    [Fact]
    public async Task A_change_of_trust_between_check_and_entry_is_not_missed()
    {
        await _world.AddFollowerAsync("dev", _leaf.Certificate);
        var connection = new MemoryConnection();
        var (verdict, session) = await _world.Connect.RunAsync(
            World.Id("dev"),
            World.With(_leaf),
            _ =>
            {
                _world.Enrollments.Save("dev", null, null);
                _world.Reconsider.EnrollmentAsync(MemoryEnrollments.Reference("dev"), Stop).GetAwaiter().GetResult();
                return connection;
            },
            Stop);
        Assert.IsType<DeviceVerdict.Refused>(verdict);
        Assert.Null(session);
        Assert.Equal([CloseReason.TrustWithdrawn], connection.Closed);
        Assert.Equal(0, _world.Sessions.Count);
    }

    [Fact]
    public async Task Every_verdict_is_handed_to_the_ledger()
    {
        await _world.AddFollowerAsync("dev", _leaf.Certificate);
        await _world.ConnectAsync("dev", World.With(_leaf));
        await _world.Connect.RunAsync(World.Id("nobody"), World.With(_leaf), _ => new MemoryConnection(), Stop);
        Assert.Collection(
            _world.Ledger.Verdicts,
            first => Assert.IsType<DeviceVerdict.Accepted>(first),
            second => Assert.Same(HubRefusals.UnknownDevice, Assert.IsType<DeviceVerdict.Refused>(second).Refusal.Reason));
    }
}
