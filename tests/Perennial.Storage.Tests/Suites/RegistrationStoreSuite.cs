using Perennial.Provisioning;
using Perennial.Provisioning.Enrollments;
using Perennial.Provisioning.Registrations;
using Perennial.Rolling.Sightings;
using Perennial.TestCertificates;

namespace Perennial.Storage.Tests.Suites;

/// <summary>What every store of registrations does.</summary>
public abstract class RegistrationStoreSuite(Stores stores) : IAsyncDisposable
{
    private readonly TestCertificate _leaf = TestAuthority.CreateSelfSignedLeaf("dev-01");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return stores.DisposeAsync();
    }

    [Fact]
    public async Task Everything_of_a_registration_comes_back()
    {
        var saved = Samples.Registration("Dev-01", "1", Samples.Group("g"), _leaf.Certificate) with
        {
            Payload = Samples.Json("[1]"),
            Credential = new RegisteredCredential(CredentialKind.Tpm, _leaf.Certificate.Thumbprint),
            StorageRootKey = Samples.TpmKey(),
        };
        Assert.True(await stores.Registrations.TryCommitAsync(saved, null, [], Stop));
        var found = await stores.Registrations.FindAsync(Samples.Id("dev-01"), Stop);
        Assert.Equal("[1]", found!.Payload!.Value.GetRawText());
        Assert.Equal(saved with { Payload = null }, found with { Payload = null });
        Assert.Equal("Dev-01", found.Id.Value);
    }

    [Fact]
    public async Task A_lost_race_writes_nothing_not_even_what_belongs_to_it()
    {
        var first = Samples.Registration("dev-01", "1", Samples.Group("g"), _leaf.Certificate);
        Assert.True(await stores.Registrations.TryCommitAsync(first, null, [], Stop));
        var late = stores.Sightings.Prepare(Seen("dev-01"));
        Assert.False(await stores.Registrations.TryCommitAsync(first with { ETag = "2" }, null, [late], Stop));
        Assert.Equal("1", (await stores.Registrations.FindAsync(first.Id, Stop))!.ETag);
        Assert.Empty(await stores.Sightings.ListAsync("dev-01", Stop));
    }

    [Fact]
    public async Task What_belongs_to_a_registration_is_written_with_it()
    {
        var first = Samples.Registration("dev-01", "1", Samples.Group("g"), _leaf.Certificate);
        Assert.True(await stores.Registrations.TryCommitAsync(first, null, [stores.Sightings.Prepare(Seen("dev-01"))], Stop));
        Assert.Single(await stores.Sightings.ListAsync("dev-01", Stop));
    }

    [Fact]
    public async Task Of_many_writers_at_once_one_wins()
    {
        var writers = Enumerable.Range(0, 32).Select(i => stores.Registrations.TryCommitAsync(
            Samples.Registration("dev-01", $"e{i}", Samples.Group("g"), _leaf.Certificate), null, [], Stop));
        Assert.Single(await Task.WhenAll(writers), won => won);
    }

    [Fact]
    public async Task Registrations_are_listed_by_the_enrollment_that_made_them()
    {
        foreach (var (id, group) in new[] { ("a", "g"), ("b", "h"), ("C", "g") })
        {
            await stores.Registrations.TryCommitAsync(Samples.Registration(id, "1", Samples.Group(group), _leaf.Certificate), null, [], Stop);
        }

        var page = await stores.Registrations.ListAsync(Samples.Group("G"), new PageRequest(null, 1), Stop);
        Assert.Equal("a", Assert.Single(page.Items).Id.Value);
        var rest = await stores.Registrations.ListAsync(Samples.Group("g"), new PageRequest(page.Next, 10), Stop);
        Assert.Equal("C", Assert.Single(rest.Items).Id.Value);
        Assert.Null(rest.Next);
    }

    [Fact]
    public async Task Deleting_asks_for_the_etag_that_was_read()
    {
        var id = Samples.Id("dev-01");
        await stores.Registrations.TryCommitAsync(Samples.Registration("dev-01", "1", Samples.Group("g"), _leaf.Certificate), null, [], Stop);
        Assert.Equal(DeleteOutcome.ETagMismatch, await stores.Registrations.DeleteAsync(id, "0", "op", Stop));
        Assert.Equal(DeleteOutcome.Deleted, await stores.Registrations.DeleteAsync(id, "1", "op", Stop));
        Assert.Null(await stores.Registrations.FindAsync(id, Stop));
        Assert.Equal(["op registration.delete registration 'dev-01'"], stores.Audit());
    }

    private Sighting Seen(string device) => new()
    {
        Device = device,
        Path = SightingPath.Provisioning,
        At = Samples.At,
        Chain = Samples.Chain(_leaf),
        Match = new SightingMatch(Samples.Group("g"), Slot.Primary, _leaf.Certificate.Thumbprint),
    };
}
