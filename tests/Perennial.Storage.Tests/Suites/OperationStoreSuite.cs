using Perennial.Provisioning.Enrollments;
using Perennial.Provisioning.Registrations;
using Perennial.TestCertificates;

namespace Perennial.Storage.Tests.Suites;

/// <summary>What every store of pending operations does.</summary>
public abstract class OperationStoreSuite(Stores stores) : IAsyncDisposable
{
    private readonly TestCertificate _leaf = TestAuthority.CreateSelfSignedLeaf("dev-01");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return stores.DisposeAsync();
    }

    [Fact]
    public async Task Everything_of_an_operation_comes_back_and_a_device_has_one()
    {
        var begun = Operation("Dev-01", "op-1") with { Payload = Samples.Json("""{"line":7}""") };
        await stores.Operations.BeginAsync(begun, Stop);
        var found = await stores.Operations.FindAsync(Samples.Id("DEV-01"), Stop);
        Assert.Equal("""{"line":7}""", found!.Payload!.Value.GetRawText());
        Assert.Equal(begun with { Payload = null }, found with { Payload = null });

        await stores.Operations.BeginAsync(Operation("dev-01", "op-2"), Stop);
        Assert.Equal("op-2", (await stores.Operations.FindAsync(Samples.Id("dev-01"), Stop))!.OperationId);
    }

    [Fact]
    public async Task Only_the_operation_itself_is_ended()
    {
        await stores.Operations.BeginAsync(Operation("dev-01", "op-2"), Stop);
        await stores.Operations.EndAsync(Operation("dev-01", "op-1"), Stop);
        Assert.NotNull(await stores.Operations.FindAsync(Samples.Id("dev-01"), Stop));
        await stores.Operations.EndAsync(Operation("dev-01", "op-2"), Stop);
        Assert.Null(await stores.Operations.FindAsync(Samples.Id("dev-01"), Stop));
    }

    [Fact]
    public async Task A_committed_record_ends_the_operation_and_one_that_is_not_leaves_it()
    {
        await stores.Operations.BeginAsync(Operation("dev-01", "op-1"), Stop);
        await stores.Operations.BeginAsync(Operation("dev-02", "op-2"), Stop);
        var record = Samples.Registration("dev-01", "1", EnrollmentKey.Individual(Samples.Id("dev-01")), _leaf.Certificate);
        Assert.False(await stores.Registrations.TryCommitAsync(record, "stale", [], Stop));
        Assert.NotNull(await stores.Operations.FindAsync(Samples.Id("dev-01"), Stop));
        Assert.True(await stores.Registrations.TryCommitAsync(record, null, [], Stop));
        Assert.Null(await stores.Operations.FindAsync(Samples.Id("dev-01"), Stop));
        Assert.NotNull(await stores.Operations.FindAsync(Samples.Id("dev-02"), Stop));
    }

    [Fact]
    public async Task Departures_are_written_with_the_record_and_listed_in_pages()
    {
        string[] devices = ["b", "a", "A"];
        foreach (var (device, index) in devices.Select((device, index) => (device, index)))
        {
            await CommitAsync($"dev-{index}", stores.Operations.Depart(new Departure("Hub.example", device, Samples.Id($"dev-{index}"))));
        }

        var first = await stores.Operations.ListDeparturesAsync(null, 2, Stop);
        var second = await stores.Operations.ListDeparturesAsync(first[^1], 2, Stop);
        Assert.Equal(["A", "a", "b"], first.Concat(second).Select(departure => departure.DeviceId));

        await stores.Operations.ForgetAsync(first[0], Stop);
        await CommitAsync("dev-9", stores.Operations.Arrive("HUB.example", "a"));
        Assert.Equal(new Departure("hub.example", "b", Samples.Id("dev-0")), Assert.Single(await stores.Operations.ListDeparturesAsync(null, 9, Stop)));
    }

    private async Task CommitAsync(string id, Provisioning.IPendingWrite together)
    {
        var record = Samples.Registration(id, "1", EnrollmentKey.Individual(Samples.Id(id)), _leaf.Certificate);
        Assert.True(await stores.Registrations.TryCommitAsync(record, null, [together], Stop));
    }

    private PendingOperation Operation(string id, string operation) => new()
    {
        Id = Samples.Id(id),
        OperationId = operation,
        Credential = new RegisteredCredential(CredentialKind.Certificate, _leaf.Certificate.Thumbprint),
        Begun = Samples.At,
    };
}
