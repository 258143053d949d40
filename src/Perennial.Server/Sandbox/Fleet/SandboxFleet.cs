namespace Perennial.Server.Sandbox.Fleet;

/// <summary>The devices of a run: half with individual enrollments, half members of one group.</summary>
internal sealed class SandboxFleet : IAsyncDisposable
{
    public const string GroupId = "sandbox-group";

    private readonly List<DeviceCredential> _credentials = [];
    private readonly Lock _gate = new();

    public SandboxFleet(int size, FleetIssuer issuer, FleetSurroundings surroundings)
    {
        Issuer = issuer;
        Surroundings = surroundings;
        var members = size / 2;
        Individuals = [.. Enumerable.Range(1, size - members).Select(n => $"individual-{n:0000}").Select(id => New(id, issuer.IssueIndividual(id)))];
        Members = [.. Enumerable.Range(1, members).Select(n => $"member-{n:0000}").Select(id => New(id, FleetIssuer.IssueMember(id, issuer.Intermediate)))];
        All = [.. Individuals, .. Members];
    }

    public FleetIssuer Issuer { get; }

    public FleetSurroundings Surroundings { get; }

    public IReadOnlyList<SandboxDevice> Individuals { get; }

    public IReadOnlyList<SandboxDevice> Members { get; }

    public IReadOnlyList<SandboxDevice> All { get; }

    public int Connected => All.Count(device => device.IsConnected);

    public long Sent => All.Sum(device => device.Outbox.Sent);

    public long Acknowledged => All.Sum(device => device.Outbox.Acknowledged);

    /// <summary>Keeps a credential until the run ends, since retired ones are probed.</summary>
    public DeviceCredential Keep(DeviceCredential credential)
    {
        lock (_gate)
        {
            _credentials.Add(credential);
        }

        return credential;
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(All.Select(device => device.DisposeAsync().AsTask()));
        _credentials.ForEach(credential => credential.Dispose());
    }

    private SandboxDevice New(string id, DeviceCredential credential) => new(id, Keep(credential), Surroundings);
}
